import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../../app/db/client.ts';
import { bandsOf } from '../../../app/media/alike/bands.ts';

/**
 * Inserts items that have fingerprints and nothing else, in few statements. They belong to the
 * first user.
 *
 * @param hashesOf the hashes of an item by its index
 * @returns the ids in order
 */
export async function fillAlike(
  db: Database,
  items: number,
  hashesOf: (index: number) => readonly Uint8Array[],
): Promise<string[]> {
  const start = Date.UTC(2026, 0, 1);
  const ids = Array.from({ length: items }, (_, i) => uuidv7({ msecs: start + i * 1000 }));
  const hashes = ids.map(() => randomUUID());
  await sql`
    insert into media (id, owner_id, kind, mime, width, height, byte_size, sha256, state, object_key)
    select i, (select id from users order by id limit 1), 'image', 'image/jpeg', 900, 700, 90000, s,
      'ready', s || '.jpg'
    from unnest(${ids}::uuid[], ${hashes}::text[]) as b (i, s)`.execute(db);
  await sql`
    insert into media_content (media_id, upload_sha256, stored_sha256, fingerprint_recipe)
    select i, s, s, 1 from unnest(${ids}::uuid[], ${hashes}::text[]) as b (i, s)`.execute(db);
  const rows = ids.flatMap((id, i) => hashesOf(i).map((hash, place) => ({ id, place, hash })));
  await sql`
    insert into media_fingerprints (media_id, frame, place, frames, hash, bands)
    select i, 0, p, 1, h::bit(256), b::integer[] from unnest(
      ${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ place }) => place)}::integer[],
      ${rows.map(({ hash }) => `x${Buffer.from(hash).toString('hex')}`)}::text[],
      ${rows.map(({ hash }) => `{${bandsOf(hash).join(',')}}`)}::text[]) as r (i, p, h, b)`.execute(db);
  return ids;
}
