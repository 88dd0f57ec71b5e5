import { FUNCTIONS as CURRENT, TRIGGERS } from '../../app/search/sql/index.ts';
import { searchReindex } from './search-reindex.ts';
import { searchResults } from './search-results.ts';
import { searchVector } from './search-vector.ts';

/**
 * Former definitions of the functions that a migration has changed since. The others are the
 * current ones.
 */
const FORMER = [searchReindex, searchResults, searchVector];

const nameOf = (statement: string) => /function (\w+)\(/.exec(statement)?.[1];

/** The functions and triggers of the baseline. A test holds their text by its hash. */
export const FUNCTIONS: readonly string[] = CURRENT.map(
  (statement) => FORMER.find((former) => nameOf(former) === nameOf(statement)) ?? statement,
);
export { TRIGGERS };
