import type { Database } from '../../db/client.ts';
import { lexeme } from '../plan/tsquery.ts';
import { bestCorrections, isCorrectable, swappedSpellings } from './candidates.ts';
import type { Correction } from '../cursor.ts';
import { isEmpty, type Query, type Term } from '../parse-query.ts';
import type { Statistics } from '../plan/statistics.ts';
import { anyMatch } from '../plan/ranking.ts';
import { unitsOf } from '../text/units.ts';
import { fold, normalizedWord } from '../text/words.ts';
import { EXACT_COUNT, haveMatches, similarWords, wordsContaining } from '../vocabulary.repository.ts';

/**
 * Largest number of unknown words to correct. Each costs two vocabulary queries, and nobody
 * misspells more.
 */
const MAX_UNKNOWN_WORDS = 8;

/**
 * Finds corrections for every word that has no matches on its own.
 *
 * The result is empty when a word has no correction, or when too many words are unknown. Such a
 * search is not misspelled; the library does not have the text.
 *
 * @param finished - whether the search ended without a match; false when it stopped early
 */
export async function correctionsFor(
  db: Database,
  query: Query,
  ctx: Parameters<typeof anyMatch>[2],
  finished: boolean,
): Promise<Correction[]> {
  const typed = query.terms.findLast((term) => !term.quoted);
  const plain = query.terms.filter((term) => !term.quoted);
  // A single word without further conditions is known to have no match.
  const alone = plain.length === 1 && isEmpty({ ...query, terms: [] }) && query.terms.length === 1;
  const findable = (terms: readonly Term[]) =>
    haveMatches(
      db,
      terms.map((term) => anyMatch(term, term === typed, ctx)),
      ctx.statistics,
    );
  const found =
    finished && alone && query.before === null && query.after === null ? [false] : await findable(plain);
  const missing = plain.filter((_, i) => !found[i]);
  // In a compound without matches, one of the parts may be misspelled.
  const parts = missing
    .filter(({ joined }) => joined !== undefined)
    .flatMap(({ words }) => words.map((word) => ({ words: [word], quoted: false })));
  const foundParts = parts.length === 0 ? [] : await findable(parts);
  const unknown = [
    ...missing.filter(({ joined }) => joined === undefined),
    ...parts.filter((_, i) => !foundParts[i]),
  ].flatMap(({ words }) => words);
  if (unknown.length > MAX_UNKNOWN_WORDS || !unknown.every(isCorrectable)) return [];
  const replacements = await Promise.all(unknown.map((word) => correctionFor(db, word, ctx.statistics)));
  return unknown.flatMap((word, i): Correction[] => {
    const correction = replacements[i];
    return correction === undefined ? [] : [[word, correction]];
  });
}

/** Number of similar words to compare, and of corrections to try. */
const MAX_SIMILAR_WORDS = 40;
const MAX_TRIED_WORDS = 5;
/**
 * Shortest word that is looked up inside compounds, characters. A shorter one is part of too many
 * words.
 */
const MIN_COMPOUND_PART_CHARS = 4;

/**
 * Returns the most similar word, or else a compound with the word in it. Finnish compounds are one
 * word: piirakka, mustikkapiirakka.
 */
async function correctionFor(
  db: Database,
  word: string,
  statistics: Statistics,
): Promise<string | undefined> {
  const folded = fold(word);
  const [similar, compounds] = await Promise.all([
    similarWords(db, folded, swappedSpellings(folded), MAX_SIMILAR_WORDS),
    folded.length < MIN_COMPOUND_PART_CHARS ? [] : wordsContaining(db, folded, MAX_TRIED_WORDS),
  ]);
  const alike = bestCorrections(folded, similar).slice(0, MAX_TRIED_WORDS);
  const candidates = [...alike.map((match) => match.word), ...compounds];
  if (candidates.length === 0 || (alike[0]?.items ?? 0) > EXACT_COUNT) return candidates[0];
  // The vocabulary may still have a word whose last item is in the trash. The first candidate is
  // usually valid.
  for (const some of [candidates.slice(0, 1), candidates.slice(1)]) {
    const clauses = some.map((candidate) => lexeme(candidate, statistics));
    const alive = await haveMatches(db, clauses, statistics);
    const first = some.find((_, i) => alive[i]);
    if (first !== undefined) return first;
  }
  return undefined;
}

/** Replaces the corrected words of a query. */
export function applyCorrections(query: Query, corrections: readonly Correction[]): Query {
  if (corrections.length === 0) return query;
  const replacements = new Map(corrections);
  const terms = query.terms.map((term): Term => {
    if (term.quoted) return term;
    const words = term.words.map((word) => replacements.get(word) ?? word);
    return {
      ...term,
      words,
      ...(term.joined === undefined ? {} : { joined: normalizedWord(words.join('')) }),
    };
  });
  return { ...query, terms };
}

/** Replaces the corrected words in the text of a search. */
export function correctedText(text: string, corrections: readonly Correction[]): string {
  const replacements = new Map(corrections);
  let result = '';
  let end = 0;
  for (const unit of unitsOf(text)) {
    for (const part of unit.is === 'word' ? unit.parts : []) {
      const word = replacements.get(normalizedWord(part.text));
      if (word === undefined) continue;
      result += text.slice(end, part.start) + word;
      end = part.end;
    }
  }
  return result + text.slice(end);
}
