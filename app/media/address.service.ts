import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { discardObjects, roleOf } from '../storage/objects.ts';
import { runParallel } from '../util/run-parallel.ts';
import type { ObjectOwner, Storage } from '../storage/storage.ts';
import {
  findAddresses,
  idsOutOfSync,
  lockAddresses,
  setAddresses,
  setHiddenIn,
  type AddressRow,
  type Keys,
} from './address.repository.ts';
import { discardGalleryCards, discardLater } from './discard.service.ts';
import { forgetFormerKeys } from './duplicates/merges.repository.ts';
import { syncAddressesJob } from './media.jobs.ts';
import { KEY_COLUMNS, keysOf } from './media.repository.ts';

/**
 * The public addresses of an item's files. An item in the trash has none: local storage moves its
 * files to a hidden place, at once. A bucket lets everybody read every key, so there a job moves
 * them to keys that nobody is told.
 */
export interface AddressDeps {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
  logger: Logger;
}

/**
 * Time in which an undone deletion costs nothing in a bucket, in seconds. Longer than the page
 * offers to undo (10 s); with the copying it stays below a minute.
 */
export const UNDO_SECONDS = 30;
/** Items whose files local storage moves at once, under the locks of their rows. */
const BATCH_ITEMS = 50;
/** Items of a bucket that get their new keys in one transaction: few, so that they soon do. */
const MOVED_ITEMS = 10;
/**
 * Moves at once, and requests of each to the bucket: 16 together. While one move waits for the
 * database, the others copy and delete.
 */
const MAX_PARALLEL_MOVES = 4;
const MAX_PARALLEL_COPIES = 4;
/** An item changes a few times a minute at most; a move takes seconds. */
const MAX_TRIES = 10;

/**
 * Enqueues {@link syncAddresses} for items that this transaction moves into the trash or out of it.
 * Discards the sharing pictures of their galleries. After the commit, the caller also calls
 * {@link syncAtOnce}.
 */
export async function syncLater(
  { jobs, storage }: Pick<AddressDeps, 'jobs' | 'storage'>,
  trx: Trx,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await discardGalleryCards(jobs, trx, ids);
  await jobs.enqueue(trx, syncAddressesJob, { ids: [...ids] }, storage.addresses ? 0 : UNDO_SECONDS);
}

/**
 * Closes or opens the addresses before the request is answered, where that is cheap. The job of
 * {@link syncLater} repeats what fails here.
 */
export async function syncAtOnce(deps: AddressDeps, ids: readonly string[]): Promise<void> {
  if (!deps.storage.addresses) return;
  await syncAddresses(deps, ids).catch((err: unknown) =>
    deps.logger.error({ err, ids }, 'addresses are not closed or opened yet'),
  );
}

/** Closes the addresses of trashed items and opens those of others. Safe to run twice. */
export async function syncAddresses(
  deps: AddressDeps,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const [size, width, move] = deps.storage.addresses
    ? [BATCH_ITEMS, 1, moveFiles]
    : [MOVED_ITEMS, MAX_PARALLEL_MOVES, hideKeys];
  await runParallel(batchesOf(ids, size), width, async (batch) => {
    signal?.throwIfAborted();
    await move(deps, batch);
  });
}

function* batchesOf(ids: readonly string[], size: number): Iterable<string[]> {
  for (let from = 0; from < ids.length; from += size) yield ids.slice(from, from + size);
}

/** Finds items whose addresses are in a wrong state, and puts them right. Returns their number. */
export async function syncAllAddresses(deps: AddressDeps, signal?: AbortSignal): Promise<number> {
  const limit = BATCH_ITEMS * 10;
  for (let count = 0; ;) {
    const ids = await idsOutOfSync(deps.db, deps.storage.backend, UNDO_SECONDS, limit);
    await syncAddresses(deps, ids, signal);
    count += ids.length;
    if (ids.length < limit) return count;
  }
}

/**
 * Moves files under the locks of their rows, so that deletions and restorations follow each other.
 * A repeated transaction moves nothing twice.
 */
async function moveFiles({ db, storage }: AddressDeps, ids: readonly string[]): Promise<void> {
  await inTransaction(db, async (trx) => {
    const rows = await lockAddresses(trx, ids);
    await runParallel(rows, MAX_PARALLEL_COPIES, async (row) => {
      for (const key of keysOf(row))
        await (row.deleted_at === null ? storage.addresses?.show(key) : storage.addresses?.hide(key));
    });
    const [shown, hidden] = [rows.filter(isLive), rows.filter((row) => !isLive(row))];
    await setHiddenIn(trx, changed(shown, null), null);
    await setHiddenIn(trx, changed(hidden, storage.backend), storage.backend);
  });
}

const isLive = ({ deleted_at }: AddressRow): boolean => deleted_at === null;
const changed = (rows: readonly AddressRow[], hiddenIn: string | null): string[] =>
  rows.filter((row) => row.hidden_in !== hiddenIn).map(({ id }) => id);

/** Gives trashed items keys that nobody is told. A restored item keeps its keys: they are new. */
async function hideKeys(deps: AddressDeps, ids: readonly string[]): Promise<void> {
  const { backend } = deps.storage;
  await moveToNewKeys(deps, ids, (row) => {
    if (isLive(row))
      return row.hidden_in === null ? null : { keys: mapKeys(row, (key) => key), hidden_in: null };
    return row.hidden_in === backend ? null : { keys: newKeys(row), hidden_in: backend };
  });
}

/**
 * Gives an item a new address: new keys for its original and all renditions. The old ones are gone
 * when it returns. An item in the trash gets new hidden ones: its restoration does not bring back
 * the old address. Does nothing for an item that is gone.
 *
 * Errors: `unavailable` if the item keeps changing; a {@link StorageError}, after which the old
 * address still works.
 */
export async function giveNewAddress(deps: AddressDeps, itemId: string): Promise<void> {
  // Former addresses of merged items lead to the present one.
  await inTransaction(deps.db, (trx) => forgetFormerKeys(trx, itemId));
  // Local storage copies to the public place. Nobody knows the new keys until they are hidden, too.
  const isCopyInPlace = (row: AddressRow) => isLive(row) || deps.storage.addresses === null;
  await moveToNewKeys(deps, [itemId], (row) => ({
    keys: newKeys(row),
    hidden_in: isCopyInPlace(row) ? row.hidden_in : null,
  }));
  await syncAtOnce(deps, [itemId]);
}

interface Plan {
  keys: Keys;
  hidden_in: AddressRow['hidden_in'];
}

/** Returns the new keys of an item, or `null` to leave it as it is. */
type Planner = (row: AddressRow) => Plan | null;

async function moveToNewKeys(deps: AddressDeps, ids: readonly string[], plan: Planner): Promise<void> {
  for (let left = ids, attempt = 1; left.length > 0; attempt++) {
    if (attempt > MAX_TRIES) throw new AppError('unavailable', 'The item is being changed. Try again.');
    left = await tryMove(deps, left, plan);
  }
}

/**
 * Copies objects to new keys, names those in the rows, then deletes the old objects.
 *
 * A row that changed meanwhile keeps its keys: its copies are discarded, and its id is returned for
 * another try. The transaction enqueues the deletion, so a killed process leaves no old object. It
 * leaves copies at most, which nobody knows and the sweep removes.
 */
async function tryMove(deps: AddressDeps, ids: readonly string[], plan: Planner): Promise<string[]> {
  const { db, storage, jobs, logger } = deps;
  const moves = (await findAddresses(db, ids)).flatMap((row) => {
    const to = plan(row);
    return to === null ? [] : [{ row, to }];
  });
  if (moves.length === 0) return [];
  await copyObjects(deps, moves.flatMap(pairsOf));
  const { done, stale } = await inTransaction(db, async (trx) => {
    const rows = await lockAddresses(
      trx,
      moves.map(({ row }) => row.id),
    );
    const current = new Map(rows.map((row) => [row.id, row]));
    const done = moves.filter(({ row }) => isSame(row, current.get(row.id)));
    for (const { row, to } of done) {
      await setAddresses(trx, row.id, { ...to.keys, hidden_in: to.hidden_in });
    }
    await discardLater(
      jobs,
      trx,
      done.flatMap(pairsOf).map(([from]) => from),
    );
    await discardGalleryCards(
      jobs,
      trx,
      done.map(({ row }) => row.id),
    );
    return { done, stale: moves.filter((move) => !done.includes(move)) };
  });
  const unused = [
    ...done.flatMap(pairsOf).map(([from]) => from),
    ...stale.flatMap(pairsOf).map(([, to]) => to),
  ];
  await discardObjects(storage, unused, logger);
  return stale.map(({ row }) => row.id);
}

/** Lists the objects that a move copies: their old and their new key. */
const pairsOf = ({ row, to }: { row: AddressRow; to: Plan }): CopyPair[] =>
  KEY_COLUMNS.flatMap((column) => {
    const [from, into] = [row[column], to.keys[column]];
    const owner = { item: row.id, role: roleOf(column) };
    return from === null || into === null || from === into ? [] : [[from, into, owner] as const];
  });

type CopyPair = readonly [from: string, to: string, owner: ObjectOwner];

/**
 * Copies all objects or none. A missing object is no error: the row has changed meanwhile, or the
 * storage has lost the object.
 */
async function copyObjects({ storage, logger }: AddressDeps, pairs: readonly CopyPair[]): Promise<void> {
  try {
    await runParallel(
      pairs,
      MAX_PARALLEL_COPIES,
      async ([from, to, owner]) => void (await storage.copy(from, to, owner)),
    );
  } catch (error) {
    await discardObjects(
      storage,
      pairs.map(([, to]) => to),
      logger,
    );
    throw error;
  }
}

const isSame = (before: AddressRow, now: AddressRow | undefined): boolean =>
  now !== undefined &&
  isLive(before) === isLive(now) &&
  before.hidden_in === now.hidden_in &&
  KEY_COLUMNS.every((column) => before[column] === now[column]);

const newKeys = (row: Keys): Keys => mapKeys(row, newKey);

const mapKeys = (row: Keys, change: (key: string) => string): Keys => ({
  object_key: change(row.object_key),
  thumb_key: row.thumb_key && change(row.thumb_key),
  large_key: row.large_key && change(row.large_key),
  poster_key: row.poster_key && change(row.poster_key),
  preview_key: row.preview_key && change(row.preview_key),
  playback_key: row.playback_key && change(row.playback_key),
  card_key: row.card_key && change(row.card_key),
});

/** The extension decides the content type, so it stays. */
const newKey = (key: string): string => `${randomUUID()}${key.slice(key.lastIndexOf('.'))}`;
