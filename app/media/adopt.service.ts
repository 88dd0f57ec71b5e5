import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../db/client.ts';
import { AppError } from '../http/errors.ts';
import type { SessionUser } from '../http/env.ts';
import type { ObjectInfo, ObjectOwner, Storage } from '../storage/storage.ts';
import { columnOf, findKeys, renameObject } from './adopt.repository.ts';
import type { Format } from './formats/formats.limits.ts';
import { sniffFormat } from './formats/sniff.ts';
import { orphans } from './housekeeping.service.ts';
import { readLibrary } from './library.repository.ts';
import { receive, type SpooledFile } from './spool.ts';
import type { Uploads } from './upload.service.ts';

export interface AdoptDeps {
  db: Database;
  storage: Storage;
  uploads: Uploads;
  /** A folder of our own for one file at a time. */
  folder: string;
  /** Owns the new items. */
  by: SessionUser;
}

export interface AdoptReport {
  /** Objects that an item names again: it got new keys after the backup. */
  renamed: { key: string; item: string }[];
  /** Originals of items that the backup lacks, as new items; and new files of replaced ones. */
  added: { key: string; item: string }[];
  /** Originals whose content another item has already. */
  known: string[];
  /** Newer objects that cannot be adopted. `why` is a code or a sentence. */
  left: { key: string; why: string }[];
}

type Orphan = ObjectInfo & { owner: ObjectOwner | null };

/**
 * Takes in the objects that no row names, after a restore of older rows. Each carries its item and
 * role. An item whose file has a new key since gets that key. An item that is younger than the rows
 * is made again from its original. Only the lost rows had its title and tags.
 *
 * Running it again does nothing twice. Renditions without a row are left to the sweep.
 */
export async function adoptObjects(deps: AdoptDeps): Promise<AdoptReport> {
  const { db, storage } = deps;
  const { restored_from: since } = await readLibrary(db);
  const report: AdoptReport = { renamed: [], added: [], known: [], left: [] };
  const found: ObjectInfo[] = [];
  for await (const object of orphans(deps, 0)) found.push(object);
  const owners = await storage.owners(found.map(({ key }) => key));
  const all: Orphan[] = found
    .map((object) => ({ ...object, owner: owners.get(object.key) ?? null }))
    .toSorted((a, b) => b.lastModified.getTime() - a.lastModified.getTime());
  for (const orphan of all) {
    const isNewer = since === null || orphan.lastModified >= since;
    if (await renamed(deps, orphan, report)) continue;
    if (orphan.owner?.role === 'object') await added(deps, orphan, report);
    else if (orphan.owner === null && isNewer) report.left.push({ key: orphan.key, why: 'of no known item' });
  }
  return report;
}

/** Names the object instead of one that its item has lost, if it is the same file. */
async function renamed({ db, storage }: AdoptDeps, orphan: Orphan, report: AdoptReport): Promise<boolean> {
  const { owner, key, size } = orphan;
  const column = owner && columnOf(owner.role);
  const row = owner && (await findKeys(db, owner.item));
  const before = row && column ? row[column] : null;
  if (!row || !column || before === null || (await storage.info(before))) return false;
  if (column === 'object_key' && row.byte_size !== size) return false;
  if (!(await renameObject(db, { id: row.id, column, from: before, to: key }))) return false;
  report.renamed.push({ key, item: row.id });
  return true;
}

/** Makes an item of an original without one, or replaces the lost file of an item. */
async function added(deps: AdoptDeps, orphan: Orphan, report: AdoptReport): Promise<void> {
  const { db, storage, uploads, by } = deps;
  const { key, owner } = orphan;
  const row = owner && (await findKeys(db, owner.item));
  // The item has another file: this one was replaced before the backup.
  if (row && (await storage.info(row.object_key))) return;
  try {
    await using file = await fetchOriginal(deps, orphan);
    if (row) {
      await uploads.replace(row.id, file, by);
      report.added.push({ key, item: row.id });
    } else {
      const { id } = await uploads.add({ file, by, title: '', tags: [] });
      report.added.push({ key, item: id });
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'already_here') report.known.push(key);
    else report.left.push({ key, why: error.code });
  }
}

/** Copies an original to the disk, as an upload would. */
async function fetchOriginal({ storage, folder }: AdoptDeps, { key }: Orphan): Promise<SpooledFile> {
  const source = await storage.read(key);
  if (!source) throw new AppError('not_found', 'The object is gone.');
  const path = join(folder, key);
  const accept = (head: Uint8Array): Format => {
    const format = sniffFormat(head);
    if (format === null) throw new AppError('unsupported_type', 'The object is of no known format.');
    return format;
  };
  return {
    path,
    ...(await receive(source, path, { maxBytes: Infinity, accept })),
    originalName: key,
    fields: new Map(),
    [Symbol.asyncDispose]: () => rm(path, { force: true }),
  };
}
