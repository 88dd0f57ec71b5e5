import { libraryPath } from '../library/paths.ts';

/** The filter of a collection, as in a query. */
export const collectionFilter = (name: string): string => `in:${/\s/.test(name) ? `"${name}"` : name}`;

/** Path of the library with the items of a collection, in its order. */
export const collectionPath = (name: string): string => libraryPath(collectionFilter(name));
