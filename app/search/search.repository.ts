import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { currentSnapshot } from '../db/snapshot-cache.ts';
import { selectMedia, type MediaRow } from '../media/media.repository.ts';
import { allOf, type Clause } from './plan/tsquery.ts';
import type { Statistics } from './plan/statistics.ts';
import { MAX_INDEX_CONDITIONS, type Group, type Tier, type Tiers } from './plan/ranking.ts';

/** A span of ids, which are UUIDv7 and so a span of time: from `bottom`, before `top`. */
export interface Span {
  bottom: string;
  top: string;
}

export interface Page {
  span: Span;
  /** Only items older than this id. */
  before: string | null;
  limit: number;
}

/** Newest first, without what is in the trash, each with the snapshot it was read under. */
export function listNewest(db: Database, { span, before, limit }: Page) {
  return selectMedia(db)
    .select(currentSnapshot.as('snapshot'))
    .where('media.deleted_at', 'is', null)
    .where('media.id', '>=', span.bottom)
    .where('media.id', '<', before !== null && before < span.top ? before : span.top)
    .orderBy('media.id', 'desc')
    .limit(limit)
    .execute();
}

/** What is in the trash, newest first; only one person's when `ownerId` is given. */
export function listTrash(db: Database, ownerId: string | null, page: Page): Promise<MediaRow[]> {
  return selectMedia(db)
    .where('media.deleted_at', 'is not', null)
    .$if(ownerId !== null, (query) => query.where('media.owner_id', '=', ownerId))
    .$if(page.before !== null, (query) => query.where('media.id', '<', page.before))
    .orderBy('media.id', 'desc')
    .limit(page.limit)
    .execute();
}

export interface RankedPage extends Page {
  tiers: Tiers;
  /** The tier to start in, from 1; `before` is a position in it. */
  fromTier: number;
  statistics: Statistics;
}

/**
 * `total`: how many match in all, where that was counted; -1 for a last row that is no match: the page ends early there, for it
 * has read enough rows, and the next one goes on after it.
 */
export type RankedRow = MediaRow & { tier: number; total: number | null };

/** Whether this row is no match but where the search goes on, see {@link RankedRow}. */
export const isContinuation = (row: { total?: number | null }) => row.total === -1;

/** Up to here all matches of a group are looked up at once and sorted into tiers; search_results gives up beyond. */
const MAX_MATCHES_FOR_FULL_LOOKUP = 4000;
/** Rows that may be read for that: more than match, where words have to be side by side. */
const MAX_ROWS_FOR_FULL_LOOKUP = 10_000;
/** What may be looked up only to tell the exact total, in entries of the index. */
const MAX_ENTRIES_FOR_COUNT = 5000;
/** Rows walked through in the time that one gathered row takes, or one entry of the index. */
const GATHERED_ROW_COST = 4;
const INDEX_ENTRY_COST = 0.1;

/** One page of a search, best tier first and newest first spanShare it. */
export const searchRanked = (db: Database, page: RankedPage): Promise<RankedRow[]> =>
  rankedPage(db, page).execute();

/** The statement of {@link searchRanked}, whose plan a test looks at. */
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
      // Where to go on may be a match itself, which has to come before it: a page ends after it, or the match is skipped.
      .orderBy('found.total', (order) => order.desc().nullsFirst())
  );
}

/** Where the words themselves will not fill the page, the lookup of the unfinished one does for both: it finds those too. */
const groupsFor = ({ groups, together }: Tiers, items: number, limit: number): readonly Group[] =>
  (groups[0]?.wide.share ?? 0) * items >= limit ? groups : [together];

async function findItems(db: Database, ids: readonly string[]): Promise<MediaRow[]> {
  return ids.length === 0 ? [] : selectMedia(db).where('media.id', 'in', ids).execute();
}

/**
 * What probably so many items have, some item outside the trash has: asking would read through all of them. In a large folder even the
 * guess for words too rare to be counted comes to thousands, so it has to be a part of the whole too.
 */
const isCertainlyFound = ({ share }: Clause, items: number) => share * items > 5000 && share > 0.01;

/** Which of these match anything outside the trash, in their order. */
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

export const ALL_IDS: Span = {
  bottom: '00000000-0000-0000-0000-000000000000',
  top: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

/** What the index knows words by, themselves folded first. */
export type IndexedForms = ReadonlyMap<string, readonly string[]>;

/** See search_forms in the migration. */
export async function indexedForms(db: Database, words: readonly string[]): Promise<IndexedForms> {
  if (words.length === 0) return new Map();
  const { rows } = await sql<{ word: string; forms: string[] }>`
    select word, search_forms(word) as forms from unnest(${words}::text[]) as word`.execute(db);
  return new Map(rows.map((row) => [row.word, row.forms]));
}

/** The words of the folder, as they are spelt there, by the folded ones of these that they are. */
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
 * Counts of words are exact up to here (search_vocabulary_changed in the migration). A rarer word may be left over from something that is
 * gone; so many items do not all go unnoticed.
 */
export const EXACT_COUNT = 64;

export interface KnownWord {
  word: string;
  folded: string;
  /** Items it is in, approximately. */
  items: number;
}

/** Words of the folder that look like this folded one (trigrams, at least 0.3 alike), most alike first. */
export async function similarWords(db: Database, folded: string, limit: number): Promise<KnownWord[]> {
  const { rows } =
    await sql<KnownWord>`select word, folded, items from search_similar(${folded}, ${limit})`.execute(db);
  return rows;
}

/** Words of the folder with this (folded, letters and digits only) in them, the most common first. */
export async function wordsContaining(db: Database, folded: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ word: string }>`
    select word from search_containing(${folded}, ${limit}) as word`.execute(db);
  return rows.map((row) => row.word);
}

/** Words of the folder that begin so (folded, letters and digits only), the most common first. */
export async function wordsStarting(db: Database, folded: string, limit: number): Promise<string[]> {
  // What may be left over must still be found by somebody.
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

/** People by the beginning of their name (NFKC, lower case). */
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

/** Everyone who has something outside the trash, by name. */
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

/** The ids of people by their name keys. */
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

/** Any item outside the trash, each as likely as another: the next one after a point drawn by lot. */
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
