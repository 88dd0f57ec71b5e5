import { plainQuotes } from '../../app/search/plain-quotes.shared.ts';
import type { Suggestions } from '../../app/search/search.schema.ts';
import type { I18n } from '../i18n/i18n.tsx';
import { filterLabel } from './filter-labels.ts';

/** One suggestion under the search box: its text, and the replacement of the typed word. */
export interface Option {
  kind: 'tag' | 'person' | 'collection' | 'state' | 'word' | 'recent' | 'forget';
  label: string;
  insert: string;
  uses: number | null;
}

/** The filters of `is:`, those of the filter row first. */
const STATES = ['is:favourite', 'is:mine', 'is:untagged', 'is:failed', 'is:trash'] as const;

/** Fewest letters of a name after which a filter is suggested without its `is:`. */
const MIN_STATE_LETTERS = 2;

/** Maximum number of suggestions: as many as fit above a phone's keyboard. */
const MAX_SUGGESTIONS = 7;

/**
 * Lists the completions of the last word of a query. Words and tags come first, because they find
 * the most with the least typing. It omits a word that is already typed.
 *
 * @param suggestions the answer of the server; undefined before it has come
 */
export function suggestionOptions(
  q: string,
  t: I18n['t'],
  suggestions: Suggestions | undefined,
): readonly Option[] {
  const states = stateOptions(q, t);
  if (/(?:^|\s)-?is:\S*$/iu.test(q)) return states;
  if (!suggestions) return [];
  const tags = suggestions.tags.map(({ name, uses }): Option => ({
    kind: 'tag',
    label: name,
    insert: `tag:${quoted(name)}`,
    uses,
  }));
  const people = suggestions.people.map((name): Option => ({
    kind: 'person',
    label: name,
    insert: `by:${quoted(name)}`,
    uses: null,
  }));
  const collections = suggestions.collections.map((name): Option => ({
    kind: 'collection',
    label: name,
    insert: `in:${quoted(name)}`,
    uses: null,
  }));
  const words = suggestions.words
    .filter((word) => word !== suggestions.typed.toLowerCase())
    .map((word): Option => ({ kind: 'word', label: word, insert: word, uses: null }));
  return [
    ...words.slice(0, 3),
    ...tags.slice(0, 2),
    ...collections.slice(0, 1),
    ...states.slice(0, 1),
    ...people.slice(0, 1),
    ...words.slice(3),
    ...tags.slice(2),
    ...collections.slice(1),
    ...people.slice(1),
  ].slice(0, MAX_SUGGESTIONS);
}

const quoted = (text: string) => (/\s/.test(text) ? `"${text}"` : text);

/**
 * The filters of `is:` whose name starts with the last word of a query. The name is that of the
 * language or of the search, with `is:` or without.
 */
function stateOptions(q: string, t: I18n['t']): Option[] {
  const [, minus, key, typed = ''] = /(?:^|\s)(-?)(is:)?(\S*)$/iu.exec(q) ?? [];
  if (key === undefined && typed.length < MIN_STATE_LETTERS) return [];
  const starts = (name: string) => name.toLowerCase().startsWith(typed.toLowerCase());
  return STATES.map((insert): Option => ({
    kind: 'state',
    label: filterLabel(insert, t),
    insert,
    uses: null,
  })).filter(
    // The trash is a list of its own, and so is not left out of another one.
    ({ label, insert }) =>
      (starts(label) || starts(insert.slice('is:'.length))) && !(minus && /trash/.test(insert)),
  );
}

/** Recent searches and the entry that clears them; empty if there are none. */
export const recentOptions = (
  searches: readonly string[],
  describe: (q: string) => string,
  forget: string,
): Option[] =>
  searches.length === 0
    ? []
    : [
        ...searches.map((q): Option => ({ kind: 'recent', label: describe(q), insert: q, uses: null })),
        { kind: 'forget', label: forget, insert: '', uses: null },
      ];

/**
 * Replaces the last word of a query and keeps a leading minus. An unclosed quotation behind a key
 * is one word. The result ends with a space for the next word.
 */
export function complete(q: string, option: Option): string {
  const [last = ''] = /-?\p{L}+:"[^"]*$|\S*$/u.exec(plainQuotes(q)) ?? [];
  const minus = last.startsWith('-') ? '-' : '';
  return `${q.slice(0, q.length - last.length)}${minus}${option.insert} `;
}
