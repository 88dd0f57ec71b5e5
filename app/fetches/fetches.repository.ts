import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import { FETCH_KEPT_HOURS } from './fetches.limits.ts';

/** The states of a fetch that has not ended. */
const OPEN = ['queued', 'fetching', 'storing'];

const isOpen = sql<boolean>`fetches.state = any(${OPEN}::text[])`;
const isExpired = sql<boolean>`created_at < now() - make_interval(hours => ${FETCH_KEPT_HOURS})`;

const selectFetches = (db: Database | Trx) =>
  db
    .selectFrom('fetches')
    .select(['id', 'url', 'state', 'received_size', 'total_size', 'media_id', 'failure', 'created_at']);

export type FetchRow = Awaited<ReturnType<ReturnType<typeof selectFetches>['executeTakeFirstOrThrow']>>;

/** Names one run of one fetch. */
export interface FetchRun {
  id: string;
  token: string;
}

export interface NewFetch {
  /** Ids grow with time: the order of the queue. */
  id: string;
  userId: string;
  role: 'admin' | 'member';
  url: string;
  title: string;
  tags: string[];
}

export async function insertFetch(trx: Trx, fetch: NewFetch): Promise<FetchRow> {
  const { id, userId, role, url, title, tags } = fetch;
  await trx.insertInto('fetches').values({ id, user_id: userId, role, url, title, tags }).execute();
  return selectFetches(trx).where('id', '=', id).executeTakeFirstOrThrow();
}

/** Finds the fetches of a user, newest first. */
export const findFetchesOf = (db: Database, userId: string): Promise<FetchRow[]> =>
  selectFetches(db)
    .where('user_id', '=', userId)
    .where(sql<boolean>`not ${isExpired}`)
    .orderBy('id', 'desc')
    .execute();

export async function findFetchOf(db: Database, userId: string, id: string): Promise<FetchRow | null> {
  const query = selectFetches(db).where('id', '=', id).where('user_id', '=', userId);
  return (await query.executeTakeFirst()) ?? null;
}

/** Deletes one fetch of a user. Returns `false` when the user has no such fetch. */
export async function deleteFetchOf(trx: Trx, userId: string, id: string): Promise<boolean> {
  const query = trx.deleteFrom('fetches').where('id', '=', id).where('user_id', '=', userId);
  return (await query.returning('id').executeTakeFirst()) !== undefined;
}

/** Counts the fetches of a user that are queued or under way. */
export async function countOpenFetches(trx: Trx, userId: string): Promise<number> {
  const row = await trx
    .selectFrom('fetches')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where(isOpen)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Deletes the fetches of everybody that are older than a day, whatever their state. */
export async function deleteExpiredFetches(db: Database | Trx): Promise<void> {
  await db.deleteFrom('fetches').where(isExpired).execute();
}

/** Deletes the ended fetches of a user but the newest ones. */
export async function deleteEndedFetches(trx: Trx, userId: string, kept: number): Promise<void> {
  await sql`
    delete from fetches where id in (
      select id from fetches where user_id = ${userId} and not ${isOpen} order by id desc offset ${kept}
    )`.execute(trx);
}

/**
 * Starts the next queued fetches of a user, up to `limit` that run at once. Gives each a token, for
 * the job that the caller enqueues. The caller has locked the user.
 */
export async function startQueuedFetches(trx: Trx, userId: string, limit: number): Promise<FetchRun[]> {
  const { rows } = await sql<FetchRun>`
    update fetches set job_token = gen_random_uuid()
    where id in (
      select id from fetches where user_id = ${userId} and state = 'queued' and job_token is null
      order by id
      limit greatest(0, ${limit} - (
        select count(*) from fetches where user_id = ${userId} and job_token is not null and ${isOpen}
      ))
    )
    returning id, job_token as token`.execute(trx);
  return rows;
}

/**
 * Begins a run from nothing and returns the fetch with its user; `null` for a stale run. A retry
 * begins again, too.
 */
export async function beginFetch(db: Database, { id, token }: FetchRun) {
  const row = await db
    .updateTable('fetches')
    .from('users')
    .set({ state: 'fetching', received_size: 0, total_size: null })
    .whereRef('users.id', '=', 'fetches.user_id')
    .where('fetches.id', '=', id)
    .where('fetches.job_token', '=', token)
    .where(isOpen)
    .returning(['fetches.url', 'fetches.title', 'fetches.tags', 'fetches.role', 'fetches.user_id'])
    .returning(['users.username', 'users.role as user_role', 'users.disabled_at'])
    .executeTakeFirst();
  return row ?? null;
}

export type BegunFetch = NonNullable<Awaited<ReturnType<typeof beginFetch>>>;

/** Writes how far a run has come. Returns `false` when it is stale: the user gave the fetch up. */
export async function updateFetch(
  db: Database,
  { id, token }: FetchRun,
  values: { state?: 'storing'; received_size: number; total_size: number | null },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('fetches')
    .set(values)
    .where('id', '=', id)
    .where('job_token', '=', token)
    .where(isOpen)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Ends a fetch with its new item. Returns `false` when the run is stale, or its user is disabled.
 */
export async function finishFetch(trx: Trx, { id, token }: FetchRun, mediaId: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('fetches')
    .set({ state: 'done', media_id: mediaId, failure: null })
    .where('id', '=', id)
    .where('job_token', '=', token)
    .where(isOpen)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('users')
          .select('users.id')
          .whereRef('users.id', '=', 'fetches.user_id')
          .where('users.disabled_at', 'is', null),
      ),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends a fetch with the code of its failure, unless the run is stale. */
export async function failFetch(
  db: Database,
  { id, token }: FetchRun,
  failure: string,
  mediaId: string | null = null,
): Promise<void> {
  await db
    .updateTable('fetches')
    .set({ state: 'failed', failure, media_id: mediaId })
    .where('id', '=', id)
    .where('job_token', '=', token)
    .where(isOpen)
    .execute();
}
