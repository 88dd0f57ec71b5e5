import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import type { SessionUser } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import { fileTooLarge } from '../http/multipart.ts';
import type { ReceiveBudget } from '../http/receive-budget.ts';
import type { Uploads } from '../media/upload.service.ts';
import { discardPartsLater, discardPartsNow, endResumable } from './end.service.ts';
import { createFinisher, type Finisher, type FinishDeps } from './finish.service.ts';
import { dropBody, receiveBody, type ReceiveDeps } from './receive.service.ts';
import { noUpload, partsGone, tooLittle, tooManyUploads, tooMuch, wrongOffset } from './resumable-errors.ts';
import {
  EXPIRY_HOURS,
  MAX_OPEN_FILES,
  MAX_OPEN_FILES_OF_USER,
  MAX_OPEN_UPLOADS,
  MIN_PART_BYTES,
} from './resumable.limits.ts';
import {
  countOpen,
  deleteExpired,
  deleteIdle,
  findResumable,
  findSame,
  insertResumable,
  lockOpenings,
  openAmong,
  renewResumable,
  type NewResumable,
  type ResumableRow,
} from './resumable.repository.ts';
import type { ResumableUpload } from './resumable.schema.ts';

export interface ResumableServiceDeps extends FinishDeps, ReceiveDeps {
  uploads: Pick<Uploads, 'checkHead' | 'collect' | 'add'>;
  upload: { maxBytes: number; budget: ReceiveBudget };
}

/** A request of bytes for an upload. */
export interface Continuation {
  /** Number of bytes before its own. */
  start: number;
  body: Readable | null;
  /** Announced length of the body; `null` if it has none. */
  announced: number | null;
}

/** Uploads that arrive in parts, and survive lost connections and restarted servers. */
export interface Resumables extends Pick<Finisher, 'finishLater'> {
  /**
   * Opens an upload, or finds the user's unfinished one of the same file. Errors: `empty_file`,
   * `file_too_large`, `too_many_uploads`.
   */
  open(
    wanted: Omit<NewResumable, 'id' | 'ownerId'>,
    by: SessionUser,
  ): Promise<{ upload: ResumableUpload; created: boolean }>;
  /** Returns the state of an upload of this user. Errors: `not_found`. */
  get(id: string, by: SessionUser): Promise<ResumableUpload>;
  /**
   * Receives bytes. The last one makes the item, once: a repeated request gets the same item.
   *
   * Errors: `not_found`, and those of `receiveBody` and `Finisher.finish`.
   */
  write(id: string, more: Continuation, by: SessionUser): Promise<ResumableUpload>;
  /** Ends an upload and removes its parts. Errors: `not_found`. */
  cancel(id: string, by: SessionUser): Promise<void>;
  /** Removes the parts of an upload that has ended. */
  discard(id: string): Promise<void>;
  /** Ends the expired uploads, and removes old parts without an upload. Returns their number. */
  sweep(): Promise<number>;
}

const HOUR_MS = 3600 * 1000;

export function createResumables(deps: ResumableServiceDeps): Resumables {
  const { db, parts, upload } = deps;
  const finisher = createFinisher(deps);

  async function requireOwn(id: string, by: SessionUser): Promise<ResumableRow> {
    const row = await findResumable(db, id);
    if (row?.owner_id !== by.id) throw noUpload();
    return row;
  }

  /** Tells whether the parts are there. The disk of a container may not survive its release. */
  async function hasParts({ part_keys: keys }: ResumableRow): Promise<boolean> {
    const last = keys.at(-1);
    return last === undefined || (await parts.has(last));
  }

  async function toUpload(row: ResumableRow, by: SessionUser): Promise<ResumableUpload> {
    return {
      id: row.id,
      byteSize: row.byte_size,
      offset: row.received,
      expiresAt: new Date(row.touched_at.getTime() + EXPIRY_HOURS * HOUR_MS).toISOString(),
      item: row.media_id === null ? null : await deps.media.get(row.media_id, by),
    };
  }

  async function hasRoom(trx: Trx, byteSize: number, by: SessionUser): Promise<boolean> {
    const { uploads, bytes, bytesOfAll } = await countOpen(trx, by.id);
    return (
      uploads < MAX_OPEN_UPLOADS &&
      bytes + byteSize <= MAX_OPEN_FILES_OF_USER * upload.maxBytes &&
      bytesOfAll + byteSize <= MAX_OPEN_FILES * upload.maxBytes
    );
  }

  /** Makes room by ending idle uploads of the user. Returns the ids of those that have parts. */
  async function makeRoom(trx: Trx, byteSize: number, by: SessionUser): Promise<string[]> {
    if (await hasRoom(trx, byteSize, by)) return [];
    const idle = await deleteIdle(trx, by.id);
    if (!(await hasRoom(trx, byteSize, by))) throw tooManyUploads();
    await discardPartsLater(deps, trx, idle);
    return idle;
  }

  return {
    finishLater: (id) => finisher.finishLater(id),

    async open(wanted, by) {
      const { byteSize } = wanted;
      if (byteSize === 0) throw new AppError('empty_file', 'The file is empty.');
      if (byteSize > upload.maxBytes) throw fileTooLarge(upload.maxBytes);
      const same = await findSame(db, { ...wanted, ownerId: by.id });
      const renewed = same && (await hasParts(same)) ? await renewResumable(db, same.id, wanted) : null;
      if (renewed) return { upload: await toUpload(renewed, by), created: false };
      if (same) await endResumable(deps, same.id);
      const { row, idle } = await inTransaction(db, async (trx) => {
        await lockOpenings(trx);
        const idle = await makeRoom(trx, byteSize, by);
        return { idle, row: await insertResumable(trx, { ...wanted, id: randomUUID(), ownerId: by.id }) };
      });
      await discardPartsNow(deps, idle);
      return { upload: await toUpload(row, by), created: true };
    },

    async get(id, by) {
      const row = await requireOwn(id, by);
      if (row.media_id === null && !(await hasParts(row))) {
        await endResumable(deps, id);
        throw partsGone();
      }
      return toUpload(row, by);
    },

    async write(id, { start, body, announced }, by) {
      const row = await requireOwn(id, by);
      const remaining = row.byte_size - row.received;
      if (remaining === 0) await dropBody(body, row.byte_size);
      else {
        if (start !== row.received) throw wrongOffset(row.received);
        if (announced !== null && announced > remaining) throw tooMuch();
        if (announced !== null && announced > 0 && announced < Math.min(MIN_PART_BYTES, remaining))
          throw tooLittle();
        await receiveBody(deps, row, body, by);
      }
      const now = await requireOwn(id, by);
      if (now.media_id !== null || now.received < now.byte_size) return toUpload(now, by);
      const item = await finisher.finish(now, by);
      return { ...(await toUpload(now, by)), item };
    },

    async cancel(id, by) {
      await requireOwn(id, by);
      if (!(await endResumable(deps, id))) throw noUpload();
    },

    discard: (id) => parts.remove(id),

    async sweep() {
      const expired = await inTransaction(db, deleteExpired);
      const changed = new Map<string, number>();
      for await (const { id, changedAt } of parts.list())
        changed.set(id, Math.max(changed.get(id) ?? 0, changedAt.getTime()));
      const before = Date.now() - EXPIRY_HOURS * HOUR_MS;
      const old = [...changed].flatMap(([id, at]) => (at <= before ? [id] : []));
      const open = await openAmong(db, old);
      const gone = [...new Set([...expired, ...old.filter((id) => !open.has(id))])];
      for (const id of gone) await parts.remove(id);
      return gone.length;
    },
  };
}
