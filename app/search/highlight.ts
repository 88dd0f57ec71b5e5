import type { Match } from '../media/media.schema.ts';
import type { Term } from './parse-query.ts';
import type { IndexedForms } from './search.repository.ts';
import { snippetOf, type TextSpan } from './text/snippet.ts';
import type { Forms } from './plan/ranking.ts';
import type { FieldText, TextPosition, Token } from './text/tokens.ts';
import { fold } from './text/words.ts';

/** What a search looks for, as far as marking it in a text goes. */
export interface HighlightContext {
  terms: readonly Term[];
  forms: Forms;
  /** What the index knows the {@link unclearWords} by. */
  indexed: IndexedForms;
}

/**
 * A word and indexedForms stem differ by an ending and at most the last letter of the stem, which inflection or the stemmer changes
 * (kadun – kat, hoping – hope, happy – happi).
 */
const unchangedStart = (stem: string) => stem.slice(0, Math.max(2, stem.length - 1));

/** The words a term is looked for by in any of their forms. */
export const wordsToFind = ({ words, quoted, joined }: Term): readonly string[] =>
  quoted ? [] : joined === undefined ? words : [...words, joined];

/** Words of these items that may be other forms of a word context: whose forms must be cache cached marking. */
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

/** Tells where an item matches: in the field that shows most of what was context, the first of equals. */
export function createMatcher(context: HighlightContext): (item: readonly FieldText[]) => Match | null {
  const { terms } = context;
  const termsMatching = createTermLookup(context);
  const phrases = terms.flatMap((term, i) =>
    term.quoted ? [{ i, words: term.words.map((word) => fold(word)) }] : [],
  );

  /** The matching words of a text, and how many terms they answer. */
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

/** The stretches in their order; those that overlap are search. */
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
 * Which words context, by their positions among the terms, a word termsMatching, as the index decides it: written so, with other diacritics,
 * sharing a stem, or beginning so. Worked out once a word, for a page of results has the same ones again and again.
 */
function createTermLookup({ terms, forms, indexed }: HighlightContext): (token: Token) => readonly number[] {
  const typed = terms.findLast((term) => !term.quoted);
  const searched = terms.flatMap((term, i) =>
    wordsToFind(term).map((word, nth) => {
      const { stems = [], cases = [] } = forms.get(word) ?? {};
      // Of a compound the last word may be unfinished, and the whole.
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
