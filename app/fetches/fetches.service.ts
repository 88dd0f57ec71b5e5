import { v7 as uuidv7 } from 'uuid';
import { lockUser } from '../auth/auth.repository.ts';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireEnabled } from '../http/access.ts';
import type { SessionUser } from '../http/env.ts';
import { isErrorCode } from '../http/errors.schema.ts';
import { AppError } from '../http/errors.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { fetchJob } from './fetches.jobs.ts';
import { FETCH_SECONDS, MAX_ENDED_FETCHES, MAX_OPEN_FETCHES, MAX_RUNNING_FETCHES } from './fetches.limits.ts';
import {
  countOpenFetches,
  deleteEndedFetches,
  deleteExpiredFetches,
  deleteFetchOf,
  findFetchesOf,
  findFetchOf,
  insertFetch,
  startQueuedFetches,
  type FetchRow,
} from './fetches.repository.ts';
import { fetchItem, type FetchItem, type FetchRequest } from './fetches.schema.ts';
import { readAddress } from './read-address.ts';

export interface FetchesDeps {
  db: Database;
  jobs: JobQueue;
  /** If false, nothing is fetched. */
  enabled: boolean;
}

/** Uploads by address: a job fetches the file and adds it as an upload of the user. */
export interface Fetches {
  /** Whether the operator lets the app fetch. */
  enabled: boolean;
  /**
   * Queues a fetch. Errors: `fetch_off`, `address_invalid`, `address_refused` (already by the
   * text), `too_many_fetches`.
   */
  start(by: SessionUser, wanted: FetchRequest): Promise<FetchItem>;
  /** Lists the own fetches of the last day, newest first. */
  list(by: SessionUser): Promise<FetchItem[]>;
  /** Returns one of the own fetches. Errors: `not_found`. */
  get(by: SessionUser, id: string): Promise<FetchItem>;
  /**
   * Gives up one of the own fetches, or forgets an ended one. The item of a fetch that is done
   * stays. Errors: `not_found`.
   */
  remove(by: SessionUser, id: string): Promise<void>;
}

export function createFetches({ db, jobs, enabled }: FetchesDeps): Fetches {
  return {
    enabled,

    async start(by, { url, title, tags }) {
      requireFetching(enabled);
      const { href } = readAddress(url);
      return inTransaction(db, async (trx) => {
        requireEnabled(await lockUser(trx, by.id));
        await deleteExpiredFetches(trx);
        await deleteEndedFetches(trx, by.id, MAX_ENDED_FETCHES);
        if ((await countOpenFetches(trx, by.id)) >= MAX_OPEN_FETCHES) throw tooMany();
        const { id: userId, role } = by;
        const row = await insertFetch(trx, { id: uuidv7(), userId, role, url: href, title, tags });
        await startNext(jobs, trx, by.id);
        return toFetch(row);
      });
    },

    list: async (by) => (await findFetchesOf(db, by.id)).map(toFetch),

    async get(by, id) {
      const row = await findFetchOf(db, by.id, id);
      if (!row) throw noSuchFetch();
      return toFetch(row);
    },

    async remove(by, id) {
      await inTransaction(db, async (trx) => {
        await lockUser(trx, by.id);
        if (!(await deleteFetchOf(trx, by.id, id))) throw noSuchFetch();
        await startNext(jobs, trx, by.id);
      });
    },
  };
}

/** Errors: `fetch_off`. */
export function requireFetching(enabled: boolean): void {
  if (!enabled) throw new AppError('fetch_off', 'This site fetches no files from addresses.');
}

/**
 * Enqueues the jobs of the next queued fetches of a user, as far as the user has room for them. The
 * caller has locked the user.
 */
async function startNext(jobs: JobQueue, trx: Trx, userId: string): Promise<void> {
  for (const { id, token } of await startQueuedFetches(trx, userId, MAX_RUNNING_FETCHES))
    await jobs.enqueue(trx, fetchJob, { id, token, userId });
}

/** Lets the next fetches of a user begin, after one has ended. It may be called again. */
export async function goOn({ db, jobs }: Pick<FetchesDeps, 'db' | 'jobs'>, userId: string): Promise<void> {
  await inTransaction(db, async (trx) => {
    await lockUser(trx, userId);
    await startNext(jobs, trx, userId);
  });
}

const toFetch = (row: FetchRow): FetchItem =>
  fetchItem.parse({
    id: row.id,
    url: row.url,
    state: row.state,
    receivedSize: row.received_size,
    totalSize: row.total_size,
    itemId: row.media_id,
    // A newer release may have left a code that this one does not know.
    failure: row.failure === null || isErrorCode(row.failure) ? row.failure : 'internal',
    createdAt: row.created_at.toISOString(),
  });

const noSuchFetch = () => new AppError('not_found', 'There is no such fetch.');

const tooMany = () =>
  new AppError('too_many_fetches', `${MAX_OPEN_FETCHES} of your addresses are waiting. Try again later.`, {
    details: { retryAfter: FETCH_SECONDS },
  });
