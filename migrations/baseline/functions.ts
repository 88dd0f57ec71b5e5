/**
 * The functions and triggers of the baseline. They are the current ones as long as no migration has
 * changed one. Before the first change, a copy of the former definitions takes their place here:
 * see docs/database-changes.md. A test holds their text by its hash.
 */
export { FUNCTIONS, TRIGGERS } from '../../app/search/sql/index.ts';
