import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { ALL_IDS } from './list-window.ts';
import type { Statistics } from './plan/statistics.ts';
import type { Clause } from './plan/tsquery.ts';

/** Indexed forms of each word. The first form is the folded word. */
export type IndexedForms = ReadonlyMap<string, readonly string[]>;

/** Reads the indexed forms with search_forms. */
export async function indexedForms(db: Database, words: readonly string[]): Promise<IndexedForms> {
  if (words.length === 0) return new Map();
  const { rows } = await sql<{ word: string; forms: string[] }>`
    select word, search_forms(word) as forms from unnest(${words}::text[]) as word`.execute(db);
  return new Map(rows.map((row) => [row.word, row.forms]));
}

/** Returns the words of the library, as written there, by their folded spelling. */
export async function spellingsInLibrary(
  db: Database,
  folded: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (folded.length === 0) return new Map();
  const { rows } = await sql<{ folded: string; word: string }>`
    select distinct folded, word from search_spellings(${folded}::text[])`.execute(db);
  const words = new Map<string, string[]>();
  for (const row of rows) words.set(row.folded, [...(words.get(row.folded) ?? []), row.word]);
  return words;
}

/**
 * Limit up to which word counts are exact (search_vocabulary_changed).
 *
 * A rarer word may remain after its last item is gone. A more common one cannot lose all its items
 * unnoticed.
 */
export const EXACT_COUNT = 64;

/** A word of the library. */
export interface KnownWord {
  word: string;
  folded: string;
  /** Approximate number of items with the word. */
  items: number;
}

/**
 * Returns words of the library similar to this folded one. First come those with one of the folded
 * `spellings`. Then come those with a trigram similarity of at least 0.3, most similar first.
 *
 * @param limit - largest number of words by trigrams
 */
export async function similarWords(
  db: Database,
  folded: string,
  spellings: readonly string[],
  limit: number,
): Promise<KnownWord[]> {
  const { rows } = await sql<KnownWord>`
    select word, folded, items from search_similar(${folded}, ${spellings}::text[], ${limit})`.execute(db);
  return rows;
}

/**
 * Returns words of the library that contain this one (folded, letters and digits only), most common
 * first.
 */
export async function wordsContaining(db: Database, folded: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select word from search_containing(${folded}, ${limit}) as word`.execute(db);
  return rows.map((row) => row.word);
}

/**
 * Number of candidates per suggested word. Most words that only one text has are misreadings, and
 * are not suggested.
 */
const CANDIDATES_PER_WORD = 6;

/**
 * Returns words of the library with this prefix (folded, letters and digits only). Words of titles
 * and tags come first, then the most common. A word of one item's text is left out, because text
 * recognition may have misread it. Words of the trash are left out too.
 */
export async function wordsStarting(db: Database, folded: string, limit: number): Promise<string[]> {
  const word = sql`quote_literal(word)::tsquery`;
  // Words of the title have the weight A, those of tags B (sql/vector.ts).
  const inTitleOrTag = sql`(quote_literal(word) || ':AB')::tsquery`;
  const { rows } = await sql<{ word: string }>`
    with common as (
      select word, items from search_words where folded like ${`${folded}%`}
      order by items desc limit ${limit * CANDIDATES_PER_WORD}
    ), once as (select word, max(items) as items from common group by word)
    select word from once, lateral (select search_has_match(${inTitleOrTag})) as n (named)
    where named or items > ${EXACT_COUNT} or (
      select count(*) from search_index_matches(${word}, ${word}, ${ALL_IDS.bottom}, ${ALL_IDS.top}, 2)
    ) > 1
    order by named desc, items desc, word limit ${limit}`.execute(db);
  return rows.map((row) => row.word);
}

/**
 * Smallest estimates, in items and as a share, for a clause that certainly matches. A query would
 * read all of them. In a large library, even the estimate for rare words reaches thousands of
 * items, so the share counts, too.
 */
const MIN_CERTAIN_ITEMS = 5000;
const MIN_CERTAIN_SHARE = 0.01;

const isCertainlyFound = ({ share }: Clause, items: number) =>
  share * items > MIN_CERTAIN_ITEMS && share > MIN_CERTAIN_SHARE;

/** Tells which clauses match any item outside the trash, in their order. */
export async function haveMatches(
  db: Database,
  clauses: readonly Clause[],
  { items }: Statistics,
): Promise<boolean[]> {
  const unclear = clauses.filter((clause) => !isCertainlyFound(clause, items)).map(({ text }) => text);
  const { rows } =
    unclear.length === 0
      ? { rows: [] }
      : await sql<{ query: string }>`
    select q as query from unnest(${unclear}::text[]) as candidates (q)
    where search_has_match(q::tsquery)`.execute(db);
  const found = new Set(rows.map(({ query }) => query));
  return clauses.map((clause) => isCertainlyFound(clause, items) || found.has(clause.text));
}
