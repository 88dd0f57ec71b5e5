import { sql, type Kysely } from 'kysely';
import { FUNCTIONS, TRIGGERS } from '../baseline/functions.ts';
import { BACKFILL, INVITES_AND_LIMITS, JOINED_TAGS, STAGES, TAGS_AND_SEARCH } from '../baseline/tables.ts';
import { replaceFailureSentences } from './failures.ts';
import { mergeTags } from './merge-tags.ts';
import type { Step } from './steps.ts';

/** Functions that the baseline lacks, or has with other arguments. */
const FORMER_FUNCTIONS = [
  'search_estimate',
  'search_walk',
  'search_gather',
  'search_page',
  'search_find',
  'search_ranked',
  'search_candidates',
  'search_best',
  'search_any',
  'search_walked',
  'search_reached',
  'search_looked_up',
  'search_results',
  'search_similar',
];

const run = async <DB>(db: Kysely<DB>, statements: readonly string[]) => {
  for (const statement of statements) await sql.raw(statement).execute(db);
};

/**
 * Brings a database at one of the steps before the baseline to the baseline's schema. It keeps
 * every row: it adds the parts that the database lacks, replaces all functions, then converts rows.
 *
 * Where tables are in use (since the third step), triggers stay and functions are replaced in
 * place, which locks no table. Changes of tables come last, because their locks last until the
 * transaction ends.
 *
 * @param db - a transaction that holds the migration lock
 * @param done - the steps that the database has, a beginning of STEPS
 */
export async function upgradeToBaseline<DB>(db: Kysely<DB>, done: ReadonlySet<Step>): Promise<void> {
  const hadSearch = done.has('2026-11-24T0300-search-and-tags');
  if (!done.has('2026-11-24T0245-invites-and-limits')) await run(db, [...NAME_LOOKS, ...INVITES_AND_LIMITS]);
  if (!hadSearch) await run(db, [...DROP_FIRST_SEARCH, ...TAGS_AND_SEARCH]);
  if (!done.has('2026-11-24T0310-media-stages')) await run(db, [...STAGES, ...FILL_STAGES]);
  if (!done.has('2026-11-29T2330-search-characters')) await run(db, BACKFILL);
  await run(db, [`drop function if exists ${FORMER_FUNCTIONS.join(', ')}`, ...FUNCTIONS]);
  if (!hadSearch) await run(db, TRIGGERS);

  await run(db, hadSearch ? REINDEX_LATER : REINDEX_NOW);
  if (!done.has('2026-11-29T2315-end-access-of-disabled-additive')) await run(db, END_ACCESS_OF_DISABLED);
  if (!done.has('2026-11-29T2330-search-characters')) await run(db, [mergeTags]);
  if (!done.has('2026-11-30T0035-failure-codes')) await replaceFailureSentences(db);

  if (!done.has('2026-11-24T0310-media-stages')) await run(db, RENDITION_COLUMNS);
  if (!done.has('2026-11-25T0900-caseless-skeletons-additive')) await run(db, LOWER_CASE_LOOKS);
  await run(db, JOINED_TAGS);
}

/** Accounts from before have names of plain letters, so the key is also the look. */
const NAME_LOOKS = [
  `alter table users add column username_skeleton text`,
  `update users set username_skeleton = username_key`,
  `alter table users alter column username_skeleton set not null`,
  `alter table users add unique (username_skeleton)`,
];
const LOWER_CASE_LOOKS = [
  `alter table users add column username_key_skeleton text`,
  `update users set username_key_skeleton = username_key`,
  `alter table users add unique (username_key_skeleton)`,
];

/** The first search was a generated column. */
const DROP_FIRST_SEARCH = [`drop index media_search`, `alter table media drop column search`];

/** Thumbnails exist. An unread text waits like one that had no reader. */
const FILL_STAGES = [
  `insert into media_stages (media_id, stage, state) select id, 'thumbnail', 'done' from media`,
  `insert into media_stages (media_id, stage, state, failure)
    select id, 'text', case state when 'ready' then 'done' when 'failed' then 'failed' else 'skipped' end,
      failure
    from media`,
  `update media set state = 'ready' where state = 'processing'`,
];
const RENDITION_COLUMNS = [
  `alter table media add column preview_key text unique, add column playback_key text unique,
    add column has_audio boolean not null default false`,
];

const REINDEX_NOW = [`select search_reindex(array(select id from media))`];

/** The job search.backfill reindexes all items, from the first. */
const REINDEX_LATER = [
  `delete from search_backfill`,
  `insert into search_backfill
    select '00000000-0000-0000-0000-000000000000' where exists (select from media)`,
];

const DISABLED = 'select id from users where disabled_at is not null';
/** Ends sessions, reset links and invites that a race with the disabling of their user left. */
export const END_ACCESS_OF_DISABLED = [
  `delete from sessions where user_id in (${DISABLED})`,
  `delete from password_resets where user_id in (${DISABLED})`,
  `update invites set revoked_at = now()
    where used_at is null and revoked_at is null and created_by in (${DISABLED})`,
];
