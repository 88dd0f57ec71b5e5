import { queryToUrl } from './query-filters.ts';

/** Path of the library, filtered by `q`. */
export const libraryPath = (q: string): string => `/${queryToUrl(q)}`;

/** Returns the path of any item within the results for `q`, which is read once. */
export function itemPaths(q: string): (id: string) => string {
  const search = queryToUrl(q);
  return (id) => `/m/${id}${search}`;
}

/** Path of one item within the results for `q`. */
export const itemPath = (id: string, q: string): string => itemPaths(q)(id);
