import type { Match } from '../media/media.schema.ts';
import type { Term } from './parse-query.ts';
import { snippetOf, type TextSpan } from './text/snippet.ts';
import type { Forms } from './plan/ranking.ts';
import type { FieldText, TextPosition, Token } from './text/tokens.ts';
import { fold } from './text/words.ts';
import type { IndexedForms } from './vocabulary.repository.ts';

/** The parts of a search that highlighting needs. */
export interface HighlightContext {
  terms: readonly Term[];
  forms: Forms;
  /** Indexed forms of the {@link unclearWords}. */
  indexed: IndexedForms;
}

/**
 * Returns the start that a stem shares with all its words. Inflection or the stemmer changes at
 * most the last letter (kadun – kat, hoping – hope, happy – happi).
 */
const unchangedStart = (stem: string) => stem.slice(0, Math.max(2, stem.length - 1));

/** Returns the words of a term that match in any form. */
export const wordsToFind = ({ words, quoted, joined }: Term): readonly string[] =>
  quoted ? [] : joined === undefined ? words : [...words, joined];

/**
 * Returns the words of these items that may be forms of a search term. Highlighting needs their
 * indexed forms.
 */
export function unclearWords(
  items: readonly (readonly FieldText[])[],
  { terms, forms }: Pick<HighlightContext, 'terms' | 'forms'>,
): string[] {
  const stems = terms.flatMap((term) => (term.quoted ? [] : (forms.get(term.words[0] ?? '')?.stems ?? [])));
  const starts = [...new Set(stems.map(unchangedStart))];
  const unclear = new Set<string>();
  for (const { positions } of items.flat()) {
    for (const { word, folded } of positions.flat())
      if (starts.some((start) => folded.startsWith(start))) unclear.add(word);
  }
  return [...unclear];
}

/**
 * Creates a function that tells where an item matches.
 *
 * The match is in the field with the most matching terms, the first of equals.
 */
export function createMatcher(context: HighlightContext): (item: readonly FieldText[]) => Match | null {
  const { terms } = context;
  const termsMatching = createTermLookup(context);
  const phrases = terms.flatMap((term, i) =>
    term.quoted ? [{ i, words: term.words.map((word) => fold(word)) }] : [],
  );

  /** Returns the matching words of a text, and the number of matching terms. */
  function marksIn(positions: readonly TextPosition[]) {
    const marked = new Set<Token>();
    const hit = new Set<number>();
    positions.forEach((position, at) => {
      for (const token of position) {
        for (const i of termsMatching(token)) {
          hit.add(i);
          marked.add(token);
        }
      }
      for (const { i, words } of phrases) {
        const tokens = words.map((word, k) => positions[at + k]?.find(({ folded }) => folded === word));
        if (!tokens.every((token) => token !== undefined)) continue;
        hit.add(i);
        for (const token of tokens) marked.add(token);
      }
    });
    return { marks: marked, hits: hit.size };
  }

  return (item) => {
    let best: { field: FieldText; marks: Set<Token>; hits: number } | null = null;
    for (const field of item) {
      const { marks, hits } = marksIn(field.positions);
      if (hits > (best?.hits ?? 0)) best = { field, marks, hits };
      if (hits === terms.length) break;
    }
    if (best === null) return null;
    const { field, text } = best.field;
    return { field, ...snippetOf(text, mergeSpans(best.marks)) };
  };
}

/** Sorts the spans and joins those that overlap. */
function mergeSpans(marks: Iterable<TextSpan>): TextSpan[] {
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of [...marks].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/**
 * Creates a function that returns the indexes of the terms that match a word.
 *
 * It follows the index: the same word, other diacritics, a shared stem, or a prefix. Results are
 * cached, because a page repeats the same words.
 */
function createTermLookup({ terms, forms, indexed }: HighlightContext): (token: Token) => readonly number[] {
  const typed = terms.findLast((term) => !term.quoted);
  const searched = terms.flatMap((term, i) =>
    wordsToFind(term).map((word, nth) => {
      const { stems = [], cases = [] } = forms.get(word) ?? {};
      // In a compound, the last word or the whole may be unfinished.
      const prefix = term === typed && nth >= term.words.length - 1;
      return { i, folded: fold(word), prefix, stems: new Set(stems), cases: new Set(cases) };
    }),
  );
  const cache = new Map<string, readonly number[]>();
  return ({ word, folded }) => {
    const cached = cache.get(word);
    if (cached) return cached;
    const indexedForms = indexed.get(word) ?? [];
    const matched = searched
      .filter(
        (search) =>
          folded === search.folded ||
          (search.prefix && folded.startsWith(search.folded)) ||
          search.cases.has(word) ||
          indexedForms.some((form) => search.stems.has(form)),
      )
      .map(({ i }) => i);
    cache.set(word, matched);
    return matched;
  };
}
