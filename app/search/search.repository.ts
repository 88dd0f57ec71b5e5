import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { currentSnapshot } from '../db/snapshot-cache.ts';
import { selectMedia, type MediaRow } from '../media/media.repository.ts';
import { allOf, type Clause } from './plan/tsquery.ts';
import type { Statistics } from './plan/statistics.ts';
import { MAX_INDEX_CONDITIONS, type Group, type Tier, type Tiers } from './plan/ranking.ts';

/**
 * A range of ids: from `bottom` inclusive to `top` exclusive. Ids are UUIDv7, so it is also a time
 * range.
 */
export interface Span {
  bottom: string;
  top: string;
}

/** The requested part of a list. */
export interface ListWindow {
  span: Span;
  /** Returns only items older than this id. */
  before: string | null;
  limit: number;
}

/** Lists items newest first, without the trash. Each row has the snapshot of its read. */
export function listNewest(db: Database, { span, before, limit }: ListWindow) {
  return selectMedia(db)
    .select(currentSnapshot.as('snapshot'))
    .where('media.deleted_at', 'is', null)
    .where('media.id', '>=', span.bottom)
    .where('media.id', '<', before !== null && before < span.top ? before : span.top)
    .orderBy('media.id', 'desc')
    .limit(limit)
    .execute();
}

/** Lists the trash, newest first. With `ownerId`, only one user's items. */
export function listTrash(db: Database, ownerId: string | null, page: ListWindow): Promise<MediaRow[]> {
  return selectMedia(db)
    .where('media.deleted_at', 'is not', null)
    .$if(ownerId !== null, (query) => query.where('media.owner_id', '=', ownerId))
    .$if(page.before !== null, (query) => query.where('media.id', '<', page.before))
    .orderBy('media.id', 'desc')
    .limit(page.limit)
    .execute();
}

/** The requested part of a ranked search. */
export interface RankedPage extends ListWindow {
  tiers: Tiers;
  /** First tier, from 1. `before` is a position in it. */
  fromTier: number;
  statistics: Statistics;
}

/**
 * A match with its tier and the total number of matches, if counted.
 *
 * A `total` of -1 marks a continuation row at the end. The query stopped there after enough rows,
 * and the next page continues after it.
 */
export type RankedRow = MediaRow & { tier: number; total: number | null };

/** Tells whether this row is a continuation and not a match, see {@link RankedRow}. */
export const isContinuation = (row: { total?: number | null }) => row.total === -1;

/**
 * Largest number of matches of a group for one full lookup, which is then sorted into tiers.
 * search_results stops beyond it.
 */
const MAX_MATCHES_FOR_FULL_LOOKUP = 4000;
/**
 * Largest number of rows read for a full lookup. Phrases read more rows than match, because their
 * word order is checked.
 */
const MAX_ROWS_FOR_FULL_LOOKUP = 10_000;
/** Largest number of index entries read only for an exact total. */
const MAX_ENTRIES_FOR_COUNT = 5000;
/** Cost of a gathered row and of an index entry, in scanned rows. */
const GATHERED_ROW_COST = 4;
const INDEX_ENTRY_COST = 0.1;

/** Reads one page of a search, best tier first, newest first within a tier. */
export const searchRanked = (db: Database, page: RankedPage): Promise<RankedRow[]> =>
  rankedPage(db, page).execute();

/** Builds the statement of {@link searchRanked}. A test inspects its plan. */
export function rankedPage(db: Database, page: RankedPage) {
  const { tiers: plan, statistics, fromTier, span, before, limit } = page;
  const { tiers, positive } = plan;
  const { items } = statistics;
  const spanShare = statistics.shareBetween(span.bottom, span.top);
  const groups = groupsFor(plan, items, limit);
  const fullLookup = groups.map(
    ({ wide, candidates }) =>
      positive &&
      wide.share * spanShare * items <= MAX_MATCHES_FOR_FULL_LOOKUP &&
      allOf(candidates).looked * items <= MAX_ROWS_FOR_FULL_LOOKUP,
  );
  const furtherReads = groups.slice(1).flatMap(({ candidates }) => candidates.map(({ read }) => read));
  const countAll =
    before === null && furtherReads.reduce((all, read) => all + read, 0) * items <= MAX_ENTRIES_FOR_COUNT;
  const indexConditions = groups.flatMap(({ candidates }) =>
    Array.from({ length: MAX_INDEX_CONDITIONS }, (_, i) => candidates[i]?.text ?? null),
  );
  const rowChecks = groups.map(({ rest }) => (rest.length === 0 ? null : allOf(rest).text));
  const texts = (part: keyof Tier) => sql`${tiers.map((tier) => tier[part].text)}::text[]::tsquery[]`;
  const gathering = tiers.map(({ indexed }) =>
    positive ? (indexed.looked * GATHERED_ROW_COST + indexed.read * INDEX_ENTRY_COST) * items : null,
  );
  const shares = tiers.map(({ query }) => Math.max(query.share, 1e-9));
  const found = sql<{
    item: string;
    tier: number;
    total: number | null;
  }>`search_results(${groups.map(({ last }) => last)}::integer[],
    ${fullLookup}::boolean[], ${countAll}, ${indexConditions}::text[]::tsquery[], ${rowChecks}::text[]::tsquery[],
    ${texts('plain')}, ${texts('indexed')}, ${texts('query')}, ${gathering}::float8[], ${shares}::float8[],
    ${fromTier}, ${span.bottom}, ${span.top}, ${spanShare * items}, ${before ?? span.top}, ${limit})`;
  return (
    selectMedia(db)
      .innerJoin(found.as('found'), (join) => join.onRef('found.item', '=', 'media.id'))
      .select(['found.tier', 'found.total'])
      .orderBy('found.tier')
      .orderBy('media.id', 'desc')
      // The continuation row can have the id of a real match. The match comes first, otherwise the
      // next page skips it.
      .orderBy('found.total', (order) => order.desc().nullsFirst())
  );
}

/**
 * Selects the lookups. If whole words will not fill the page, one prefix lookup serves both,
 * because it includes their matches.
 */
const groupsFor = ({ groups, together }: Tiers, items: number, limit: number): readonly Group[] =>
  (groups[0]?.wide.share ?? 0) * items >= limit ? groups : [together];

async function findItems(db: Database, ids: readonly string[]): Promise<MediaRow[]> {
  return ids.length === 0 ? [] : selectMedia(db).where('media.id', 'in', ids).execute();
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
    where search_any(q::tsquery)`.execute(db);
  const found = new Set(rows.map(({ query }) => query));
  return clauses.map((clause) => isCertainlyFound(clause, items) || found.has(clause.text));
}

/** The range of all ids. */
export const ALL_IDS: Span = {
  bottom: '00000000-0000-0000-0000-000000000000',
  top: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

/** Indexed forms of each word. The first form is the folded word. */
export type IndexedForms = ReadonlyMap<string, readonly string[]>;

/** Reads the indexed forms with search_forms (migrations). */
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
 * Limit up to which word counts are exact (search_vocabulary_changed in the migrations).
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
 * Returns words of the library similar to this folded one (trigram similarity of at least 0.3),
 * most similar first.
 */
export async function similarWords(db: Database, folded: string, limit: number): Promise<KnownWord[]> {
  const { rows } =
    await sql<KnownWord>`select word, folded, items from search_similar(${folded}, ${limit})`.execute(db);
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
 * Returns words of the library with this prefix (folded, letters and digits only), most common
 * first.
 */
export async function wordsStarting(db: Database, folded: string, limit: number): Promise<string[]> {
  // A word that may remain in the vocabulary is suggested only if an item still has it.
  const { rows } = await sql<{ word: string }>`
    with common as (
      select word, items from search_words where folded like ${`${folded}%`} order by items desc limit ${limit * 3}
    ), once as (select word, max(items) as items from common group by word)
    select word from once where items > ${EXACT_COUNT} or exists (
      select from search_gather(quote_literal(word)::tsquery, quote_literal(word)::tsquery,
        ${ALL_IDS.bottom}, ${ALL_IDS.top}, 1))
    order by items desc, word limit ${limit}`.execute(db);
  return rows.map((row) => row.word);
}

/** Returns users by the beginning of their name (NFKC, lower case). */
export async function peopleStarting(db: Database, key: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('username')
    .where(sql<boolean>`starts_with(username_key, ${key})`)
    .orderBy('username_key')
    .limit(limit)
    .execute();
  return rows.map((row) => row.username);
}

/** Returns the names of all users with items outside the trash, in alphabetical order. */
export async function contributors(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('username')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('media')
          .select('media.id')
          .whereRef('media.owner_id', '=', 'users.id')
          .where('media.deleted_at', 'is', null),
      ),
    )
    .orderBy('username_key')
    .limit(limit)
    .execute();
  return rows.map((row) => row.username);
}

/** Returns the ids of users by their name keys. */
export async function findUserIds(
  db: Database,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom('users')
    .select(['id', 'username_key'])
    .where('username_key', 'in', keys)
    .execute();
  return new Map(rows.map((row) => [row.username_key, row.id]));
}

/**
 * Returns a random item outside the trash: the next one after a random point, so all are equally
 * likely.
 */
export async function drawItem(db: Database): Promise<MediaRow | null> {
  const { rows } = await sql<{ id: string }>`
    with drawn as (select random() as point)
    (select media_id as id from media_search, drawn where live and lot >= point order by lot limit 1)
    union all
    (select media_id from media_search where live order by lot limit 1)
    limit 1`.execute(db);
  const id = rows[0]?.id;
  return id === undefined ? null : ((await findItems(db, [id]))[0] ?? null);
}
