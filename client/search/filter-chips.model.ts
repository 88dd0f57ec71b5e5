import { tidy, TRASH, TYPE } from '../library/query-filters.ts';

/** A filter of a search as a chip: what it says, and the search without it. */
export interface Chip {
  label: string;
  rest: string;
}

/** Filters with a place of their own in the row. */
const SHOWN = new Set(['is:mine', 'is:untagged', TRASH]);

const FILTER = /(?<=^|\s)(-?)(tag|by|before|after|is):(?:"([^"]*)"|(\S+))/giu;

/** The filters of a search that the row of filters does not show itself. */
export function chipsOf(q: string): Chip[] {
  return [...q.matchAll(FILTER)].flatMap((found) => {
    const [whole, minus = '', key = '', quoted, plain = ''] = found;
    const value = quoted ?? plain;
    const name = key.toLowerCase();
    if (value === '' || (minus === '' && SHOWN.has(whole.toLowerCase()))) return [];
    const sign = name === 'tag' ? '#' : name === 'by' ? '@' : `${name}: `;
    const rest = tidy(q.slice(0, found.index) + q.slice(found.index + whole.length));
    return [{ label: `${minus && '−'}${sign}${value}`, rest }];
  });
}

/** The words of a search without its filters. */
export const wordsOf = (q: string): string => tidy(q.replace(FILTER, ' ').replace(TYPE, ' '));

/** The search as it was meant: words in quotes are taken as written. */
export function insisted(q: string, words: readonly { from: string }[]): string {
  const meant = new Set(words.map(({ from }) => from));
  const quoted = q
    .split(/\s+/)
    .map((word) => (meant.has(word.normalize('NFKC').toLowerCase()) ? `"${word}"` : word))
    .join(' ');
  return quoted === tidy(q) ? `"${tidy(q).replaceAll('"', '')}"` : quoted;
}
