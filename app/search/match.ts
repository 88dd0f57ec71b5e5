import type { Match } from '../media/media.schema.ts';
import type { Term } from './query.ts';
import type { IndexedForms } from './search.repository.ts';
import type { Forms } from './tiers.ts';
import { fold, normalizeWord, WORD } from './words.ts';

/** The searchable fields of an item, in the order in which a match in them is shown. */
export interface Fields {
  title: string;
  tags: readonly string[];
  text: string;
  description: string;
  name: string;
}

/** What a search looks for, as far as marking it in a text goes. */
export interface Sought {
  terms: readonly Term[];
  forms: Forms;
  /** What the index knows the {@link unclearWords} by. */
  indexed: IndexedForms;
}

/** Longest snippet, in UTF-16 units, and how much of it stands before the first mark. */
const SNIPPET = 160;
const BEFORE_MARK = 50;
/** Only so much of a text is looked through for marks. */
const LOOKED_THROUGH = 20_000;

interface Token {
  start: number;
  end: number;
  word: string;
}

const tokensOf = (text: string): Token[] =>
  [...text.slice(0, LOOKED_THROUGH).matchAll(WORD)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
    word: normalizeWord(found),
  }));

const fieldsOf = (fields: Fields): [Match['field'], string][] => [
  ['title', fields.title],
  ['tags', fields.tags.join(' ')],
  ['text', fields.text],
  ['description', fields.description],
  ['name', fields.name],
];

/** Words of these items that may be other forms of a word sought: whose forms must be known before marking. */
export function unclearWords(
  items: readonly Fields[],
  { terms, forms }: Pick<Sought, 'terms' | 'forms'>,
): string[] {
  const starts = new Set(
    terms.flatMap((term) => {
      const word = term.words[0] ?? '';
      const { stems = [], cases = [] } = forms.get(word) ?? {};
      return term.quoted ? [] : [word, ...stems, ...cases].map((form) => fold(form).slice(0, 2));
    }),
  );
  const words = new Set<string>();
  for (const item of items) {
    for (const [, text] of fieldsOf(item)) {
      for (const { word } of tokensOf(text)) if (starts.has(fold(word).slice(0, 2))) words.add(word);
    }
  }
  return [...words];
}

/** Where an item matches: in the field that shows most of what was sought, the first of equals. */
export function matchOf(fields: Fields, sought: Sought): Match | null {
  let best: { field: Match['field']; text: string; marks: Token[]; hits: number } | null = null;
  for (const [field, text] of fieldsOf(fields)) {
    const { marks, hits } = marksIn(tokensOf(text), sought);
    if (hits > (best?.hits ?? 0)) best = { field, text, marks, hits };
  }
  return best && { field: best.field, ...snippetOf(best.text, best.marks) };
}

/** The matching words of a text, and how many terms they answer. */
function marksIn(tokens: readonly Token[], sought: Sought): { marks: Token[]; hits: number } {
  const { terms } = sought;
  const marked = new Set<Token>();
  let hits = 0;
  const typed = terms.findLast((term) => !term.quoted);
  for (const term of terms) {
    const before = marked.size;
    const same = (token: Token | undefined, word: string) =>
      token !== undefined && fold(token.word) === fold(word);
    let found = false;
    tokens.forEach((token, i) => {
      const here = term.quoted
        ? term.words.every((word, k) => same(tokens[i + k], word))
        : isForm(token.word, term.words[0] ?? '', sought, term === typed);
      if (!here) return;
      found = true;
      for (const one of tokens.slice(i, i + term.words.length)) marked.add(one);
    });
    if (found || marked.size > before) hits++;
  }
  return { marks: [...marked].sort((a, b) => a.start - b.start), hits };
}

/** As the index decides it: written so, with other diacritics, sharing a stem, or beginning so. */
function isForm(word: string, asked: string, { forms, indexed }: Sought, prefix: boolean): boolean {
  const [own, wanted] = [fold(word), fold(asked)];
  if (own === wanted || (prefix && own.startsWith(wanted))) return true;
  const { stems = [], cases = [] } = forms.get(asked) ?? {};
  return cases.includes(word) || (indexed.get(word) ?? []).some((form) => stems.includes(form));
}

/** A part of the text around the first mark, cut between words, and the marks in it. */
function snippetOf(text: string, marks: readonly Token[]): Pick<Match, 'snippet' | 'marks'> {
  let start = 0;
  let end = text.length;
  if (text.length > SNIPPET) {
    const first = marks[0]?.start ?? 0;
    start = first <= BEFORE_MARK ? 0 : first - BEFORE_MARK;
    if (start > 0) {
      const space = text.slice(start, first).search(/\s/);
      start = space === -1 ? first : start + space + 1;
    }
    end = Math.min(text.length, start + SNIPPET);
    if (end < text.length) {
      const space = text.slice(start, end).search(/\s\S*$/);
      if (space > first - start) end = start + space;
      // Never between the halves of a surrogate pair.
      else if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end--;
    }
  }
  const [lead, tail] = [start > 0 ? '…' : '', end < text.length ? '…' : ''];
  const shift = lead.length - start;
  return {
    snippet: lead + text.slice(start, end).replace(/\s/g, ' ') + tail,
    marks: marks
      .filter((mark) => mark.start >= start && mark.start < end)
      .map((mark) => [mark.start + shift, Math.min(mark.end, end) + shift]),
  };
}
