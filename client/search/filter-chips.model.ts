import { collapseSpaces, joinQuery, splitQuery, typeFilter } from '../library/query-filters.ts';

/** A filter chip: the filter, and the query without it. */
export interface Chip {
  filter: string;
  rest: string;
}

/** Filters that have their own button in the filter row. The order has a menu. */
const ROW_FILTERS = new Set(['is:mine', 'is:favourite', 'is:untagged']);

/** The filters of a query that the filter row does not show. */
export function filterChips(q: string): Chip[] {
  const { words, filters } = splitQuery(q);
  const shown = (filter: string) =>
    ROW_FILTERS.has(filter) ||
    filter.startsWith('sort:') ||
    (filter.startsWith('type:') && typeFilter(q) !== null);
  return filters
    .filter((filter) => !shown(filter))
    .map((filter) => ({
      filter,
      rest: joinQuery({ words, filters: filters.filter((other) => other !== filter) }),
    }));
}

/** The original query with its corrected words in quotes, which turns correction off. */
export function exactQuery(q: string, corrections: readonly { from: string }[]): string {
  const { words, filters } = splitQuery(q);
  const meant = new Set(corrections.map(({ from }) => from));
  const quoted = words
    .split(/\s+/)
    .map((word) => (meant.has(word.normalize('NFKC').toLowerCase()) ? `"${word}"` : word))
    .join(' ');
  const exact = quoted === collapseSpaces(words) ? `"${quoted.replaceAll('"', '')}"` : quoted;
  return joinQuery({ words: exact, filters });
}
