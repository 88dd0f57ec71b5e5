import { collapseSpaces, TRASH, TYPE } from '../library/query-filters.ts';

/** A filter chip: its label, and the query without the filter. */
export interface Chip {
  label: string;
  rest: string;
}

/** Filters that have their own button in the filter row. */
const ROW_FILTERS = new Set(['is:mine', 'is:untagged', TRASH]);

const FILTER = /(?<=^|\s)(-?)(tag|by|before|after|is):(?:"([^"]*)"|(\S+))/giu;

/** The filters of a query that the filter row does not show. */
export function filterChips(q: string): Chip[] {
  return [...q.matchAll(FILTER)].flatMap((found) => {
    const [whole, minus = '', key = '', quoted, plain = ''] = found;
    const value = quoted ?? plain;
    const name = key.toLowerCase();
    if (value === '' || (minus === '' && ROW_FILTERS.has(whole.toLowerCase()))) return [];
    const sign = name === 'tag' ? '#' : name === 'by' ? '@' : `${name}: `;
    const rest = collapseSpaces(q.slice(0, found.index) + q.slice(found.index + whole.length));
    return [{ label: `${minus && '−'}${sign}${value}`, rest }];
  });
}

/** The terms of a query without its filters. */
export const withoutFilters = (q: string): string =>
  collapseSpaces(q.replace(FILTER, ' ').replace(TYPE, ' '));

/** The original query with its corrected words in quotes, which turns correction off. */
export function exactQuery(q: string, words: readonly { from: string }[]): string {
  const meant = new Set(words.map(({ from }) => from));
  const quoted = q
    .split(/\s+/)
    .map((word) => (meant.has(word.normalize('NFKC').toLowerCase()) ? `"${word}"` : word))
    .join(' ');
  return quoted === collapseSpaces(q) ? `"${collapseSpaces(q).replaceAll('"', '')}"` : quoted;
}
