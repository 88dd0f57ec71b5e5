import type { Database } from '../../db/client.ts';
import { lexeme } from '../plan/tsquery.ts';
import { bestCorrections, isCorrectable } from './edit-distance.ts';
import type { Correction } from '../cursor.ts';
import { isEmpty, type Query } from '../parse-query.ts';
import { EXACT_COUNT, haveMatches, similarWords, wordsContaining } from '../search.repository.ts';
import type { Statistics } from '../plan/statistics.ts';
import { anyMatch } from '../plan/ranking.ts';
import { fold, normalizeWord, WORD } from '../text/words.ts';

/** Nobody misspells more words of one search; each costs two look-ups in the vocabulary. */
const MOST_UNKNOWN = 8;

/**
 * Corrections for every word that alone finds nothing; none when a word cannot be helped, or where so many are unknown that
 * nothing was misspelled: this is no text of the folder.
 * @param finished whether the search was looked through to its end, which found nothing; otherwise it only ended early
 */
export async function correctionsFor(
  db: Database,
  query: Query,
  known: Parameters<typeof anyMatch>[2],
  finished: boolean,
): Promise<Correction[]> {
  const typed = query.terms.findLast((term) => !term.quoted);
  const plain = query.terms.filter((term) => !term.quoted);
  // One word that was looked for alone is known to match nothing.
  const alone = plain.length === 1 && isEmpty({ ...query, terms: [] }) && query.terms.length === 1;
  const found =
    finished && alone && query.before === null && query.after === null
      ? [false]
      : await haveMatches(
          db,
          plain.map((term) => anyMatch(term, term === typed, known)),
          known.statistics,
        );
  const unknown = plain.filter((_, i) => !found[i]).map((term) => term.words[0] ?? '');
  if (unknown.length > MOST_UNKNOWN || !unknown.every(isCorrectable)) return [];
  const better = await Promise.all(unknown.map((word) => correctionFor(db, word, known.statistics)));
  return unknown.flatMap((word, i): Correction[] => {
    const correction = better[i];
    return correction === undefined ? [] : [[word, correction]];
  });
}

/** Candidates looked at, and those of them tried. */
const SIMILAR = 40;
const TRIED = 5;
/** Shorter words are a part of too much. */
const PART = 4;

/** What is spelt most alike or else a compound with the word in it, for Finnish writes those in one: piirakka, mustikkapiirakka. */
async function correctionFor(
  db: Database,
  word: string,
  statistics: Statistics,
): Promise<string | undefined> {
  const folded = fold(word);
  const [similar, compounds] = await Promise.all([
    similarWords(db, folded, SIMILAR),
    folded.length < PART ? [] : wordsContaining(db, folded, TRIED),
  ]);
  const alike = bestCorrections(folded, similar).slice(0, TRIED);
  const candidates = [...alike.map((known) => known.word), ...compounds];
  if (candidates.length === 0 || (alike[0]?.items ?? 0) > EXACT_COUNT) return candidates[0];
  // The vocabulary may still have a word whose last item went into the trash; mostly the first one is there.
  for (const some of [candidates.slice(0, 1), candidates.slice(1)]) {
    const clauses = some.map((candidate) => lexeme(candidate, statistics));
    const alive = await haveMatches(db, clauses, statistics);
    const first = some.find((_, i) => alive[i]);
    if (first !== undefined) return first;
  }
  return undefined;
}

/** The search with those words in place of what was typed. */
export function corrected(query: Query, corrections: readonly Correction[]): Query {
  if (corrections.length === 0) return query;
  const better = new Map(corrections);
  const terms = query.terms.map((term) =>
    term.quoted ? term : { ...term, words: term.words.map((word) => better.get(word) ?? word) },
  );
  return { ...query, terms };
}

/** The search as the person would have typed it. */
export function applied(text: string, corrections: readonly Correction[]): string {
  const better = new Map(corrections);
  return text.replace(WORD, (word) => better.get(normalizeWord(word)) ?? word);
}
