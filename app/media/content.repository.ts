import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import { lockKeyOf } from '../db/lock-key.ts';
import type { Fingerprint } from './alike/fingerprint.ts';
import { setFingerprint } from './alike/fingerprints.repository.ts';
import type { Seen, Viewer } from './visibility.ts';

/** The two hashes that identify the content of an item, SHA-256 in lower-case hex, and its look. */
export interface Content {
  /** Of the file as it was uploaded. */
  upload: string;
  /** Of the original as it is stored, without metadata. */
  stored: string;
  /** `null` if it is not made yet. */
  fingerprint: Fingerprint | null;
}

/** Version of the fingerprints. Those of another version are made again. */
export const FINGERPRINT_RECIPE = 1;

/**
 * Namespace of the advisory locks on content. Every release must use the same number ("file" in
 * ASCII).
 */
const CONTENT_LOCKS = 0x66696c65;

/**
 * Locks hashes until the transaction ends, before any other lock (docs/database-changes.md). So of
 * two uploads of one content, the later sees the item of the earlier. No index can tell: items of
 * before may have one content.
 */
export async function lockContent(trx: Trx, hashes: readonly string[]): Promise<void> {
  const keys = hashes.map(lockKeyOf);
  const sorted = [...new Set(keys)].toSorted((one, other) => one - other);
  await sql`
    select pg_advisory_xact_lock(${CONTENT_LOCKS}, key)
    from (select key from unnest(${sorted}::integer[]) with ordinality as l (key, place)
      order by place offset 0) as ordered`.execute(trx);
}

/** Items that were uploaded as, or are stored as, a file with one of these hashes. */
const ofContent = (hashes: readonly string[]) => sql`
  select id, owner_id, deleted_at from media where sha256 = any(${hashes}::text[])
  union
  select id, owner_id, deleted_at from media_content
  join media on id = media_id and sha256 = upload_sha256
  where stored_sha256 = any(${hashes}::text[])`;

/**
 * Finds an item that was uploaded as, or is stored as, a file with one of these hashes. Of several,
 * it is one that `by` sees, outside the trash if possible, the oldest.
 */
export async function findByContent(
  db: Database | Trx,
  hashes: readonly string[],
  by: Viewer,
): Promise<({ id: string } & Seen) | null> {
  const { rows } = await sql<{ id: string } & Seen>`
    select * from (${ofContent(hashes)}) as found
    order by deleted_at is not null, ${by.role !== 'admin'} and owner_id <> ${by.id}, id
    limit 1`.execute(db);
  return rows[0] ?? null;
}

/** Lists the items of this content by id, in the trash of anybody, too. */
export async function listByContent(trx: Trx, hashes: readonly string[]): Promise<({ id: string } & Seen)[]> {
  const { rows } = await sql<{ id: string } & Seen>`${ofContent(hashes)} order by id`.execute(trx);
  return rows;
}

/** Records the content of an item. The caller has just written or locked the item's row. */
export async function setContent(
  trx: Trx,
  mediaId: string,
  { upload, stored, fingerprint }: Content,
): Promise<void> {
  const values = {
    upload_sha256: upload,
    stored_sha256: stored,
    fingerprint_recipe: fingerprint === null ? 0 : FINGERPRINT_RECIPE,
  };
  await trx
    .insertInto('media_content')
    .values({ media_id: mediaId, ...values })
    .onConflict((conflict) => conflict.column('media_id').doUpdateSet(values))
    .execute();
  await setFingerprint(trx, mediaId, fingerprint ?? []);
}

/** Tells whether the content of the item's present file is recorded, with its fingerprint. */
export async function hasContent(db: Database | Trx, mediaId: string, upload: string): Promise<boolean> {
  const row = await db
    .selectFrom('media_content')
    .select('media_id')
    .where('media_id', '=', mediaId)
    .where('upload_sha256', '=', upload)
    .where('fingerprint_recipe', '=', FINGERPRINT_RECIPE)
    .executeTakeFirst();
  return row !== undefined;
}

/** Lists items whose content is not recorded in full, newest first, before `before`. */
export async function listUnrecorded(
  trx: Trx,
  { before }: { before: string },
  limit: number,
): Promise<string[]> {
  const rows = await trx
    .selectFrom('media')
    .select('id')
    .where('id', '<', before)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('media_content')
            .select('media_id')
            .whereRef('media_id', '=', 'media.id')
            .whereRef('upload_sha256', '=', 'media.sha256')
            .where('fingerprint_recipe', '=', FINGERPRINT_RECIPE),
        ),
      ),
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
