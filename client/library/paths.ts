import { queryToUrl } from './query-filters.ts';

/** Path of the library, filtered by `q`. */
export const libraryPath = (q: string): string => `/${queryToUrl(q)}`;

/** Path of one item within the results for `q`. */
export const itemPath = (id: string, q: string): string => `/m/${id}${queryToUrl(q)}`;
