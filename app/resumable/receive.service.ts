import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { inTransaction } from '../db/transaction.ts';
import type { SessionUser } from '../http/env.ts';
import type { ReceiveBudget } from '../http/receive-budget.ts';
import type { Uploads } from '../media/upload.service.ts';
import { endResumable, type EndDeps } from './end.service.ts';
import { byteSource, receivePart, type ByteSource } from './receive-part.ts';
import { noUpload, tooLittle, tooMuch, wrongOffset } from './resumable-errors.ts';
import { finishUploadJob } from './resumable.jobs.ts';
import { MIN_PART_BYTES, PART_BYTES } from './resumable.limits.ts';
import { appendPart, findResumable, type ResumableRow } from './resumable.repository.ts';

export interface ReceiveDeps extends EndDeps {
  uploads: Pick<Uploads, 'checkHead'>;
  /** Directory of temporary files. */
  directory: string;
  upload: { budget: ReceiveBudget };
}

/** Time that the request of the last byte has to make the item, before a job does. */
const FINISH_AFTER_SECONDS = 60;

/**
 * Receives a body part by part, from the end of an upload on. Bytes before a failure count. A small
 * rest that does not end the file is dropped.
 *
 * Errors: `wrong_offset` and `not_found` (another request was faster), `body_too_large`,
 * `invalid_field`, `request_timeout`, `unavailable`, and those of `checkHead`. The latter end the
 * upload.
 */
export async function receiveBody(
  deps: ReceiveDeps,
  row: ResumableRow,
  body: Readable | null,
  by: SessionUser,
): Promise<void> {
  const source = byteSource(body);
  await mkdir(deps.directory, { recursive: true });
  for (let at = row.received; ;) {
    const path = join(deps.directory, randomUUID());
    const maxBytes = Math.min(PART_BYTES, row.byte_size - at);
    using share = deps.upload.budget.open(by.id, maxBytes);
    try {
      const { byteSize, head, ended, failure } = await receivePart(source, path, { maxBytes, share });
      share.received();
      const isLast = at + byteSize === row.byte_size;
      if (isLast && !ended && (await hasMore(source))) throw tooMuch();
      if (isLast || byteSize >= MIN_PART_BYTES) {
        if (at === 0) await checkHead(deps, row, head);
        await keepPart(deps, row, { at, byteSize, path });
        at += byteSize;
      } else if (byteSize > 0 && at === row.received && failure === null) throw tooLittle();
      if (isLast) return;
      if (failure) throw failure;
      if (ended) return;
    } finally {
      await rm(path, { force: true });
    }
  }
}

/** Reads and drops the bytes of a repeated request, so that its answer can be read. */
export async function dropBody(body: Readable | null, maxBytes: number): Promise<void> {
  const source = byteSource(body);
  for (let left = maxBytes; left > 0;) {
    const bytes = await source.next(left);
    if (bytes === null) return;
    left -= bytes.length;
  }
}

/** Refuses a file by its first bytes, before the rest is sent. */
async function checkHead(deps: ReceiveDeps, row: ResumableRow, head: Uint8Array): Promise<void> {
  try {
    deps.uploads.checkHead(head);
  } catch (error) {
    await endResumable(deps, row.id);
    throw error;
  }
}

/** Stores a received part, and then records it. */
async function keepPart(
  { db, jobs, parts }: ReceiveDeps,
  row: ResumableRow,
  { at, byteSize, path }: { at: number; byteSize: number; path: string },
): Promise<void> {
  // Another request for the same place has another name, so that neither overwrites the other.
  const key = `${row.id}/${String(at).padStart(15, '0')}-${randomUUID().slice(0, 8)}`;
  try {
    await parts.put(key, path);
  } catch (error) {
    // A faster request may have ended the upload and removed its parts meanwhile.
    const now = await findResumable(db, row.id);
    if (now?.received === at && now.media_id === null) throw error;
    throw movedTo(now);
  }
  const kept = await inTransaction(db, async (trx) => {
    if (!(await appendPart(trx, row.id, { at, byteSize, key }))) return false;
    if (at + byteSize === row.byte_size)
      await jobs.enqueue(trx, finishUploadJob, { id: row.id }, FINISH_AFTER_SECONDS);
    return true;
  });
  if (kept) return;
  const now = await findResumable(db, row.id);
  await (now ? parts.removePart(key) : parts.remove(row.id));
  throw movedTo(now);
}

/** Error of a request that another one has overtaken. */
const movedTo = (now: ResumableRow | null) => (now ? wrongOffset(now.received) : noUpload());

/** Tells whether another byte comes. */
async function hasMore(source: ByteSource): Promise<boolean> {
  try {
    return (await source.next(1)) !== null;
  } catch {
    // The connection broke after the last byte, so everything is there.
    return false;
  }
}
