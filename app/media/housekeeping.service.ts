import { dirname } from 'node:path';
import type { Logger } from 'pino';
import type { Database } from '../db/client.ts';
import type { ObjectInfo, Storage } from '../storage/storage.ts';
import { sweepTempFolders } from '../util/temp-folder.ts';
import type { AddressDeps } from './address.service.ts';
import { listKeys } from './housekeeping.repository.ts';
import { ownerOf, sweepRefusal } from './sweep-guard.service.ts';
import { KEY_COLUMNS, namedKeys } from './media.repository.ts';
import { purgeExpired } from './purge.service.ts';

export interface HousekeepingDeps {
  db: Database;
  storage: Storage;
}

/** Younger objects may belong to an upload that is not committed yet. */
const ORPHAN_AGE_MS = 24 * 3600 * 1000;
const BATCH_ITEMS = 500;

/**
 * Runs the nightly cleanup.
 *
 * @param directory this process's folder for temporary files, among those of other processes
 */
export async function housekeeping(deps: AddressDeps & { directory: string }, logger: Logger): Promise<void> {
  // The copy of a library must not delete what the library may have restored since.
  const { foreign } = await ownerOf(deps);
  const purged = foreign === null ? await purgeExpired(deps) : 0;
  const orphans = await sweepOrphans(deps, logger);
  const unfinished = await deps.storage.sweep(ORPHAN_AGE_MS);
  const folders = await sweepTempFolders(dirname(deps.directory));
  logger.info({ purged, orphans, unfinished, folders }, 'housekeeping done');
}

/**
 * Removes objects without a row that are older than a day. A process killed between storing and
 * committing leaves such orphans. Returns their number; 0 where {@link sweepRefusal} says why.
 */
export async function sweepOrphans(
  deps: HousekeepingDeps,
  logger: Logger,
  minAgeMs = ORPHAN_AGE_MS,
): Promise<number> {
  const refusal = await sweepRefusal(deps);
  if (refusal !== null) {
    logger.warn(`No file without a row is removed. ${refusal}`);
    return 0;
  }
  let count = 0;
  for await (const object of orphans(deps, minAgeMs)) {
    await deps.storage.delete(object.key);
    logger.info({ key: object.key }, 'orphaned object removed');
    count += 1;
  }
  return count;
}

/** Yields the objects of that age that no row names. */
export async function* orphans(
  { db, storage }: HousekeepingDeps,
  minAgeMs: number,
): AsyncIterable<ObjectInfo> {
  const before = Date.now() - minAgeMs;
  for await (const batch of batches(storage.list())) {
    const old = batch.filter((object) => object.lastModified.getTime() <= before);
    const named = await namedKeys(
      db,
      old.map(({ key }) => key),
    );
    yield* old.filter(({ key }) => !named.has(key));
  }
}

async function* batches<T>(items: AsyncIterable<T>): AsyncIterable<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < BATCH_ITEMS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Result of `storage verify`: rows and objects compared both ways. */
export interface StorageReport {
  items: number;
  objects: number;
  /** Objects that a row names but the storage lacks. */
  missing: { id: string; key: string; column: (typeof KEY_COLUMNS)[number] }[];
  /** Originals whose size differs from the row's. */
  wrongSize: { id: string; key: string; expected: number; actual: number }[];
  /** Objects without a row. Those younger than a day may belong to a running upload. */
  orphans: { key: string; size: number; young: boolean; removed: boolean }[];
  /** The reason why no orphan is removed; `null` if they may be. */
  keeps: string | null;
}

/**
 * Compares every row with its objects and every object with the rows.
 *
 * @param repair also removes orphans older than a day; `reprocess` restores missing renditions
 *   from originals
 */
export async function verifyStorage(
  deps: HousekeepingDeps,
  { repair = false, minAgeMs = ORPHAN_AGE_MS }: { repair?: boolean; minAgeMs?: number } = {},
): Promise<StorageReport> {
  const report: StorageReport = {
    items: 0,
    objects: 0,
    missing: [],
    wrongSize: [],
    orphans: [],
    keeps: null,
  };
  for await (const row of everyRow(deps.db)) {
    report.items += 1;
    for (const column of KEY_COLUMNS) {
      const key = row[column];
      if (key === null) continue;
      const info = await deps.storage.info(key);
      if (info) report.objects += 1;
      else report.missing.push({ id: row.id, key, column });
      if (info && column === 'object_key' && info.size !== row.byte_size) {
        report.wrongSize.push({ id: row.id, key, expected: row.byte_size, actual: info.size });
      }
    }
  }
  report.keeps = await sweepRefusal(deps);
  const before = Date.now() - minAgeMs;
  for await (const { key, size, lastModified } of orphans(deps, 0)) {
    const young = lastModified.getTime() > before;
    const removed = repair && !young && report.keeps === null;
    if (removed) await deps.storage.delete(key);
    report.orphans.push({ key, size, young, removed });
  }
  return report;
}

async function* everyRow(db: Database) {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const page = await listKeys(db, after, BATCH_ITEMS);
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = last.id;
  }
}
