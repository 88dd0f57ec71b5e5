import type { ListSort, MediaKind } from '../../app/media/media.schema.ts';
import { plainQuotes } from '../../app/search/plain-quotes.shared.ts';

/** Filter that selects the trash. The trash is a separate list: other terms do not narrow it. */
export const TRASH = 'is:trash';

/** Collapses whitespace to single spaces. */
export const collapseSpaces = (q: string) => q.replace(/\s+/g, ' ').trim();

/** The filters and orders that the server knows (docs/search.md). Any other text is plain words. */
const FILTER =
  /^(?:-?(?:(?:tag|by|in):.+|is:(?:mine|favourite|untagged|failed)|type:(?:image|animation|video))|is:trash|like:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|sort:(?:newest|oldest|shared)|(?:before|after):\d{4}(?:-(?:0?[1-9]|1[0-2])(?:-\d\d?)?)?)$/;

/** The words and the filters of a query. Each filter is written out, as `-tag:"iso koira"`. */
export interface QueryParts {
  words: string;
  filters: readonly string[];
}

/** Writes a filter in one way: `tag:x`. Returns null for a key or value that is no filter. */
function filterText(key: string, value: string): string | null {
  const name = key.toLowerCase();
  const plain = value.replaceAll('"', '').trim();
  const known = /is|type/.test(name) ? plain.toLowerCase().replace('gif', 'animation') : plain;
  if (!FILTER.test(`${name}:${known}`)) return null;
  return `${name}:${/\s/.test(known) ? `"${known}"` : known}`;
}

/** The key and the value of a filter: `-tag:"iso koira"` is `['-tag', 'iso koira']`. */
export function filterParts(filter: string): [key: string, value: string] {
  const colon = filter.indexOf(':');
  return [filter.slice(0, colon), filter.slice(colon + 1).replaceAll('"', '')];
}

// A filter, a quoted phrase or a word, as the server reads a query (app/search/parse-query.ts).
const TOKEN = /(?:(-?\p{L}+):)?(-?"[^"]*"|\S+)/gu;

/** A filter at the end whose quotation goes on: `in:"iso ko`. */
const OPEN_QUOTATION = /(?<!\S)-?\p{L}+:"[^"]*$/u;

/**
 * Splits a query into words and filters.
 *
 * @param typing whether the end of the query is being typed. A filter there may be unfinished, so
 *   it belongs to the words until a space follows.
 */
export function splitQuery(q: string, typing = false): QueryParts {
  const filters: string[] = [];
  const text = plainQuotes(q);
  const open = typing ? (OPEN_QUOTATION.exec(text)?.index ?? q.length) : q.length;
  const take = (token: string, key: string | undefined, value: string, at: number) => {
    const filter = key && !(typing && at + token.length === q.length) && filterText(key, value);
    if (!filter) return token;
    filters.push(filter);
    return '';
  };
  const words = text.slice(0, open).replace(TOKEN, take) + text.slice(open);
  if (filters.length === 0) return { words: q, filters };
  const collapsed = words.replace(/\s+/g, ' ');
  return { words: typing ? collapsed.trimStart() : collapsed.trim(), filters };
}

/** Joins words and filters to a query. A filter that repeats another is left out. */
export const joinQuery = ({ words, filters }: QueryParts): string =>
  collapseSpaces([words, ...new Set(filters)].join(' '));

/**
 * Reads the query from the search part of a URL: words in `q`, each filter in its own parameter
 * (`?q=koira&type=video&-tag=kissa`). Older URLs have the filters in `q`.
 */
export function queryFromUrl(search: string): string {
  const { words, filters } = splitQuery(new URLSearchParams(search).get('q') ?? '');
  const others = [...new URLSearchParams(search)].map(([key, value]) => filterText(key, value) ?? '');
  return joinQuery({ words, filters: [...filters, ...others.filter(Boolean)] });
}

/** The inverse of {@link queryFromUrl}: empty, or with its question mark. */
export function queryToUrl(q: string): string {
  const { words, filters } = splitQuery(q);
  const params = new URLSearchParams(words.trim() && { q: words.trim() });
  for (const filter of filters) params.append(...filterParts(filter));
  const search = params.toString();
  return search && `?${search}`;
}

/** The media type filter of a query; `null` for none or several. */
export function typeFilter(q: string): MediaKind | null {
  const found = splitQuery(q).filters.filter((filter) => filter.startsWith('type:'));
  const [type] = found.map((filter) => filter.slice('type:'.length));
  return found.length === 1 && (type === 'image' || type === 'animation' || type === 'video') ? type : null;
}

/** Replaces the media type filter of a query and keeps the rest. */
export function withTypeFilter(q: string, type: MediaKind | null): string {
  const { words, filters } = splitQuery(q);
  const others = filters.filter((filter) => !filter.startsWith('type:'));
  return joinQuery({ words, filters: type === null ? others : [...others, `type:${type}`] });
}

/**
 * The name of the collection whose own order a list has. It is a list of one collection, without
 * words and without another order. `null` for any other list.
 */
export function collectionOf(q: string): string | null {
  const { words, filters } = splitQuery(q);
  const [one, ...others] = filters.filter((filter) => filter.startsWith('in:'));
  const sorted = filters.some((filter) => filter.startsWith('sort:'));
  return one !== undefined && others.length === 0 && !sorted && words.trim() === ''
    ? filterParts(one)[1]
    : null;
}

/** Orders of a list, as `sort:` in a query and `sort=` in the URL and the API. */
export const SORTS = ['newest', 'oldest', 'shared'] as const satisfies readonly ListSort[];

/** The chosen order of a query, if any, and the query without it. */
export function takeSort(q: string) {
  const { words, filters } = splitQuery(q);
  return {
    sort: SORTS.find((sort) => filters.includes(`sort:${sort}`)),
    rest: joinQuery({ words, filters: filters.filter((filter) => !filter.startsWith('sort:')) }),
  };
}

/** Whether a query contains a filter. */
export const hasFilter = (q: string, filter: string): boolean => splitQuery(q).filters.includes(filter);

/** Removes a filter from a query, or appends it. */
export function withFilter(q: string, filter: string, present: boolean): string {
  const { words, filters } = splitQuery(q);
  const others = filters.filter((other) => other !== filter);
  return joinQuery({ words, filters: present ? [...others, filter] : others });
}
