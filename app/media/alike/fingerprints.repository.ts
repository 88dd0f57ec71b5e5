import { sql } from 'kysely';
import type { Database, Trx } from '../../db/client.ts';
import { bandsOf, probesOf } from './bands.ts';
import { ENOUGH_ALIKE_ITEMS } from './alike.limits.ts';
import type { Fingerprint } from './fingerprint.ts';
import { mirroredHash } from './perceptual-hash.shared.ts';

/** Replaces the fingerprint of an item. The caller has just written or locked the item's row. */
export async function setFingerprint(trx: Trx, mediaId: string, frames: Fingerprint): Promise<void> {
  await trx.deleteFrom('media_fingerprints').where('media_id', '=', mediaId).execute();
  const rows = frames.flatMap((hashes, frame) =>
    hashes.map((hash, place) => ({
      media_id: mediaId,
      frame,
      place,
      frames: frames.length,
      hash: sql<string>`${bitText(hash)}::text::bit(256)`,
      bands: bandsOf(hash),
    })),
  );
  if (rows.length > 0) await trx.insertInto('media_fingerprints').values(rows).execute();
}

/** Returns the fingerprint of an item; empty without one. */
export async function findFingerprint(db: Database | Trx, mediaId: string): Promise<Fingerprint> {
  const rows = await db
    .selectFrom('media_fingerprints')
    .innerJoin('media_content', 'media_content.media_id', 'media_fingerprints.media_id')
    .innerJoin('media', (join) =>
      join.onRef('media.id', '=', 'media_content.media_id').onRef('sha256', '=', 'upload_sha256'),
    )
    .select(['frame', 'hash'])
    .where('media.id', '=', mediaId)
    .orderBy('frame')
    .orderBy('place')
    .execute();
  return [...Map.groupBy(rows, ({ frame }) => frame).values()].map((of) =>
    of.map(({ hash }) => bytesOf(hash)),
  );
}

/** An item that looks alike. */
export interface AlikeItem {
  id: string;
  /** Different bits of the nearest hashes. */
  distance: number;
  /** Its mirror image is nearer than itself. */
  mirrored: boolean;
}

/** A search for alike items. */
export interface AlikeSearch {
  /** Most different bits. */
  distance: number;
  /** This item is not among the results. */
  except?: string | undefined;
  /** Most items, the newest. */
  limit: number;
  /** Compares only hashes of which a band is equal: enough for a strict distance. */
  quick?: boolean;
}

/** Returns the texts of items, by id. */
export async function findTexts(
  db: Database | Trx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  // The beginning has more words than are compared.
  const rows = await db
    .selectFrom('media')
    .select(['id', sql<string>`left(text, ${COMPARED_TEXT_UNITS})`.as('text')])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map(({ id, text }) => [id, text]));
}

const COMPARED_TEXT_UNITS = 2000;

/**
 * Rows that a search compares at most, so that its time is bounded. Those with an equal band come
 * first, then the newest.
 */
const MAX_COMPARED_ROWS = 2_000;

/** A hash that is searched for. */
interface AskedHash {
  frame: number;
  hash: Uint8Array;
  mirrored: boolean;
}

/**
 * Finds items outside the trash that look alike, newest first. Of two with several frames, half of
 * the frames of the one with fewer are alike.
 *
 * Items with an equal band are compared first. If enough of them are alike, it looks no further. A
 * template of thousands would have thousands of rows in each group of keys.
 */
export async function findAlike(
  db: Database | Trx,
  frames: Fingerprint,
  search: AlikeSearch,
): Promise<AlikeItem[]> {
  const asked: AskedHash[] = frames.flatMap((hashes, frame) =>
    hashes.flatMap((hash) => [
      { frame, hash, mirrored: false },
      { frame, hash: mirroredHash(hash), mirrored: true },
    ]),
  );
  if (asked.length === 0) return [];
  const groups = probesOf(asked.map(({ hash }) => hash));
  const nearest = await compareWith(db, asked, groups.slice(0, 1), search);
  if (search.quick === true || nearest.length >= Math.min(search.limit, ENOUGH_ALIKE_ITEMS)) return nearest;
  return compareWith(db, asked, groups, search);
}

/** Compares hashes with those that have one of the keys. */
async function compareWith(
  db: Database | Trx,
  asked: readonly AskedHash[],
  groups: readonly (readonly number[])[],
  { distance, except, limit }: AlikeSearch,
): Promise<AlikeItem[]> {
  const frames = new Set(asked.map(({ frame }) => frame)).size;
  // One statement a group: the plan of a join with the groups would read the whole table.
  const probed = groups.map(
    (keys, group) => sql`select media_id, frame, place, frames, hash, ${group > 0}::boolean as turned
      from media_fingerprints where bands && ${keys}::integer[]`,
  );
  const { rows } = await sql<AlikeItem>`
    with asked as (
      select hash::bit(256) as hash, frame, mirrored from unnest(
        ${asked.map(({ hash }) => bitText(hash))}::text[], ${asked.map(({ frame }) => frame)}::integer[],
        ${asked.map(({ mirrored }) => mirrored)}::boolean[]) as a (hash, frame, mirrored)
    ), probed as materialized (
      -- Apart: with the order and the limit, the plan would walk through the ids instead.
      ${sql.join(probed, sql` union all `)}
    ), near as materialized (
      select media_id, frames, hash from probed group by media_id, frame, place, frames, hash
      order by bool_and(turned), media_id desc limit ${MAX_COMPARED_ROWS}
    ), alike as (
      select media_id, min(bits) as distance,
        coalesce(min(bits) filter (where mirrored) < min(bits) filter (where not mirrored),
          bool_and(mirrored)) as mirrored,
        2 * count(distinct asked_frame) >= least(min(frames), ${frames}::integer) as enough
      from (
        select media_id, frames, asked.frame as asked_frame, mirrored,
          bit_count(near.hash # asked.hash)::integer as bits
        from near cross join asked
      ) as compared
      where bits <= ${distance}
      group by media_id
    )
    select id, distance, mirrored from alike
    join media on id = alike.media_id and deleted_at is null
    join media_content on media_content.media_id = id and upload_sha256 = sha256
    where enough and id is distinct from ${except ?? null}::uuid
    order by id desc limit ${limit}`.execute(db);
  return rows;
}

/** Returns a hash in the form that PostgreSQL casts to bits. */
const bitText = (hash: Uint8Array): string => `x${Buffer.from(hash).toString('hex')}`;

/** Returns the bytes of a text of zeros and ones. */
const bytesOf = (bits: string): Uint8Array =>
  Uint8Array.from({ length: bits.length / 8 }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2));
