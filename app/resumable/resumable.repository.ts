import { sql, type Selectable } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import type { ResumableUploads } from '../db/schema.gen.ts';
import { EXPIRY_HOURS } from './resumable.limits.ts';

/** Any number that every opening of an upload shares. */
const OPENING_LOCK = 0x75706c64;
/** An upload without a byte for so long gives way to a new one of its user. */
const IDLE_MINUTES = 60;

const isExpired = sql<boolean>`touched_at <= now() - make_interval(hours => ${EXPIRY_HOURS})`;
const isLive = sql<boolean>`not ${isExpired}`;

export type ResumableRow = Selectable<ResumableUploads>;

export interface NewResumable {
  id: string;
  ownerId: string;
  byteSize: number;
  sha256: string | null;
  originalName: string;
  title: string;
  tags: readonly string[];
}

/** Finds an upload that has not expired. */
export async function findResumable(db: Database | Trx, id: string): Promise<ResumableRow | null> {
  const query = db.selectFrom('resumable_uploads').selectAll().where('id', '=', id).where(isLive);
  return (await query.executeTakeFirst()) ?? null;
}

/** Finds the newest unfinished upload of this file of a user. */
export async function findSame(
  db: Database,
  { ownerId, sha256, byteSize }: Pick<NewResumable, 'ownerId' | 'sha256' | 'byteSize'>,
): Promise<ResumableRow | null> {
  if (sha256 === null) return null;
  const query = db
    .selectFrom('resumable_uploads')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('sha256', '=', sha256)
    .where('byte_size', '=', byteSize)
    .where('media_id', 'is', null)
    .where(isLive)
    .orderBy('created_at', 'desc')
    .limit(1);
  return (await query.executeTakeFirst()) ?? null;
}

/** Serialises the openings of uploads, so that their limits hold exactly. */
export async function lockOpenings(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${OPENING_LOCK})`.execute(trx);
}

/** Unfinished uploads of a user, and their announced bytes; and the bytes of all users. */
export async function countOpen(db: Database | Trx, ownerId: string) {
  const isMine = sql<boolean>`owner_id = ${ownerId}`;
  return db
    .selectFrom('resumable_uploads')
    .select([
      sql<number>`count(*) filter (where ${isMine})`.as('uploads'),
      sql<number>`coalesce(sum(byte_size) filter (where ${isMine}), 0)::bigint`.as('bytes'),
      sql<number>`coalesce(sum(byte_size), 0)::bigint`.as('bytesOfAll'),
    ])
    .where('media_id', 'is', null)
    .executeTakeFirstOrThrow();
}

export async function insertResumable(trx: Trx, upload: NewResumable): Promise<ResumableRow> {
  return trx
    .insertInto('resumable_uploads')
    .values({
      id: upload.id,
      owner_id: upload.ownerId,
      byte_size: upload.byteSize,
      sha256: upload.sha256,
      original_name: upload.originalName,
      title: upload.title,
      tags: [...upload.tags],
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/**
 * Renews an upload that is resumed. Empty words change nothing: a reload has lost them. Returns
 * `null` if it has ended.
 */
export async function renewResumable(
  db: Database,
  id: string,
  { originalName, title, tags }: Pick<NewResumable, 'originalName' | 'title' | 'tags'>,
): Promise<ResumableRow | null> {
  const row = await db
    .updateTable('resumable_uploads')
    .set({
      touched_at: sql`now()`,
      ...(originalName !== '' && { original_name: originalName }),
      ...(title !== '' && { title }),
      ...(tags.length > 0 && { tags: [...tags] }),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Adds a stored part at the end. Returns `false` if the upload has ended or its end is elsewhere,
 * because another request was faster.
 */
export async function appendPart(
  trx: Trx,
  id: string,
  { at, byteSize, key }: { at: number; byteSize: number; key: string },
): Promise<boolean> {
  const row = await trx
    .updateTable('resumable_uploads')
    .set({
      received: at + byteSize,
      part_keys: sql<string[]>`array_append(part_keys, ${key}::text)`,
      touched_at: sql`now()`,
    })
    .where('id', '=', id)
    .where('received', '=', at)
    .where('media_id', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Records the item of a finished upload, once. Returns `false` if the upload has ended. */
export async function setItem(trx: Trx, id: string, mediaId: string): Promise<boolean> {
  const row = await trx
    .updateTable('resumable_uploads')
    .set({ media_id: mediaId, part_keys: [], touched_at: sql`now()` })
    .where('id', '=', id)
    .where('media_id', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Deletes an upload. Returns the keys of its parts, or `null` if there is none. */
export async function deleteResumable(trx: Trx, id: string): Promise<readonly string[] | null> {
  const row = await trx
    .deleteFrom('resumable_uploads')
    .where('id', '=', id)
    .returning('part_keys')
    .executeTakeFirst();
  return row?.part_keys ?? null;
}

/**
 * Deletes the unfinished uploads of a user that got no byte for an hour. Returns the ids of those
 * that have parts.
 */
export async function deleteIdle(trx: Trx, ownerId: string): Promise<string[]> {
  const rows = await trx
    .deleteFrom('resumable_uploads')
    .where('owner_id', '=', ownerId)
    .where('media_id', 'is', null)
    .where(sql<boolean>`touched_at <= now() - make_interval(mins => ${IDLE_MINUTES})`)
    .returning(['id', 'part_keys'])
    .execute();
  return rows.filter(({ part_keys: keys }) => keys.length > 0).map(({ id }) => id);
}

/** Deletes the uploads that have expired, finished ones, too. Returns their ids. */
export async function deleteExpired(trx: Trx): Promise<string[]> {
  const rows = await trx.deleteFrom('resumable_uploads').where(isExpired).returning('id').execute();
  return rows.map(({ id }) => id);
}

/** Returns those of the ids that are unfinished uploads. */
export async function openAmong(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('resumable_uploads')
    .select('id')
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .where('media_id', 'is', null)
    .execute();
  return new Set(rows.map(({ id }) => id));
}
