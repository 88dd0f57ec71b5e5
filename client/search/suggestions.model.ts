import type { Suggestions } from '../../app/search/search.schema.ts';

/** One suggestion under the search box: its text, and the replacement of the typed word. */
export interface Option {
  kind: 'tag' | 'person' | 'word' | 'recent' | 'forget';
  label: string;
  insert: string;
  uses: number | null;
}

/** Maximum number of suggestions: as many as fit above a phone's keyboard. */
const MAX_SUGGESTIONS = 7;

/**
 * Lists tags first, because they find the most with the least typing. It omits a word that is
 * already typed.
 */
export function suggestionOptions(suggestions: Suggestions): Option[] {
  const quoted = (text: string) => (/\s/.test(text) ? `"${text}"` : text);
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
  const words = suggestions.words
    .filter((word) => word !== suggestions.typed.toLowerCase())
    .map((word): Option => ({ kind: 'word', label: word, insert: word, uses: null }));
  return [
    ...words.slice(0, 4),
    ...tags.slice(0, 3),
    ...people.slice(0, 2),
    ...words.slice(4),
    ...tags.slice(3),
  ].slice(0, MAX_SUGGESTIONS);
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
 * Replaces the last word of a query and keeps a leading minus. The result ends with a space for the
 * next word.
 */
export function complete(q: string, option: Option): string {
  const [last = ''] = /\S*$/.exec(q) ?? [];
  const minus = last.startsWith('-') ? '-' : '';
  return `${q.slice(0, q.length - last.length)}${minus}${option.insert} `;
}
