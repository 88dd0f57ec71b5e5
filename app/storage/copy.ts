import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StorageError, type ObjectInfo, type Storage } from './storage.ts';

export interface CopyReport {
  copied: number;
  /** Objects that were already there, whole. */
  skipped: number;
  /** Objects that were deleted or moved meanwhile. */
  gone: number;
  /** Bytes copied. */
  bytes: number;
}

export interface CopyOptions {
  from: Storage;
  to: Storage;
  /** Returns the download name of an object, if it has one. */
  nameOf: (key: string) => Promise<string | null>;
  /** Called after every object. */
  progress?(report: CopyReport): void;
  /** An empty folder of our own for the objects in transfer. */
  folder: string;
  /** Accepts an existing object of the right size without reading it. */
  quick?: boolean;
}

const MAX_PARALLEL_COPIES = 4;

/**
 * Copies every object from one storage to another, and compares the copies by SHA-256.
 *
 * An object is either whole or absent, so starting a killed copy again resumes it. The source is
 * only read. Throws the first failure, after the running copies have ended.
 */
export async function copyStorage(options: CopyOptions): Promise<CopyReport> {
  const report: CopyReport = { copied: 0, skipped: 0, gone: 0, bytes: 0 };
  const objects = options.from.list()[Symbol.asyncIterator]();
  let failed = false;
  const work = async () => {
    while (!failed) {
      const { done, value } = await objects.next();
      if (done) return;
      try {
        const outcome = await copyObject(options, value, join(options.folder, value.key));
        report[outcome] += 1;
        if (outcome === 'copied') report.bytes += value.size;
        options.progress?.(report);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: MAX_PARALLEL_COPIES }, work));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return report;
}

/**
 * Copies one object. An item may be deleted or get a new address meanwhile. Its old object is then
 * removed from the copy, too.
 */
async function copyObject(
  options: CopyOptions,
  object: ObjectInfo,
  path: string,
): Promise<'copied' | 'skipped' | 'gone'> {
  const { from, to } = options;
  const isGone = async () => (await from.info(object.key)) === null;
  try {
    const copied = await copyPresent(options, object, path);
    if (!(await isGone())) return copied ? 'copied' : 'skipped';
  } catch (error) {
    if (!(await isGone())) throw error;
  }
  await to.delete(object.key);
  return 'gone';
}

/** Copies an object that is there. Returns `false` if nothing was to copy. */
async function copyPresent(
  { from, to, nameOf, quick = false }: CopyOptions,
  { key, size, contentType }: ObjectInfo,
  path: string,
): Promise<boolean> {
  const there = await to.info(key);
  if (there?.size === size && (quick || (await storedSha256(from, key)) === (await storedSha256(to, key))))
    return false;
  // Another program wrote this object: its content differs.
  if (there) await to.delete(key);
  const sent = createHash('sha256');
  try {
    const source = await open(from, key);
    source.on('data', (chunk: Buffer) => sent.update(chunk));
    await pipeline(source, createWriteStream(path, { flags: 'wx' }));
    const owner = (await from.owners([key])).get(key);
    const downloadName = (await nameOf(key)) ?? key;
    await to.put(key, path, { contentType, downloadName, ...(owner && { owner }) });
  } finally {
    await rm(path, { force: true });
  }
  if ((await storedSha256(to, key)) !== sent.digest('hex')) {
    await to.delete(key);
    throw new StorageError(to.backend, 'failed', `${key} did not arrive unchanged`);
  }
  return true;
}

async function storedSha256(storage: Storage, key: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await open(storage, key)) hash.update(chunk);
  return hash.digest('hex');
}

async function open(storage: Storage, key: string): Promise<Readable> {
  const stream = await storage.read(key);
  if (!stream) throw new StorageError(storage.backend, 'failed', `${key} was deleted meanwhile`);
  return stream;
}
