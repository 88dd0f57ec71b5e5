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
 * Rows with an equal band are compared first. If enough of them are alike, it looks no further. A
 * template of thousands would have thousands of rows in each group of keys. Otherwise the same
 * statement goes on with the rows of which a band differs in one bit.
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
  const [equal = [], ...turned] = probesOf(asked.map(({ hash }) => hash));
  const enough = Math.min(search.limit, ENOUGH_ALIKE_ITEMS);
  const askedFrames = new Set(asked.map(({ frame }) => frame)).size;
  const among = (rows: string) => alikeAmong(rows, askedFrames, search);
  // One scan a group: the plan of a join with the groups would read the whole table. A condition
  // without columns is checked once, before the scan.
  const scans = turned.map((keys) => sql`${rowsWith(keys)} and (select count(*) from nearest) < ${enough}`);
  const further = sql`, nearest as materialized (${among('near')}
    ), turned as materialized (
      ${sql.join(scans, sql` union all `)}
    ), newest_turned as materialized (
      select distinct media_id, frame, place, frames, hash from turned
      where (media_id, frame, place) not in (select media_id, frame, place from newest_equal)
      order by media_id desc limit ${MAX_COMPARED_ROWS} - (select count(*) from newest_equal)
    ), all_near as materialized (
      select * from near union all ${nearIn('newest_turned', search)}
    )`;
  const { rows } = await sql<AlikeItem>`
    with asked as (
      select hash::bit(256) as hash, frame, mirrored from unnest(
        ${asked.map(({ hash }) => bitText(hash))}::text[], ${asked.map(({ frame }) => frame)}::integer[],
        ${asked.map(({ mirrored }) => mirrored)}::boolean[]) as a (hash, frame, mirrored)
    ), equal as materialized (
      -- Apart: with the order and the limit, the plan would walk through the ids instead.
      ${rowsWith(equal)}
    ), newest_equal as materialized (
      select * from equal order by media_id desc limit ${MAX_COMPARED_ROWS}
    ), near as materialized (${nearIn('newest_equal', search)}
    )${search.quick === true ? sql`` : further}
    ${among(search.quick === true ? 'near' : 'all_near')}`.execute(db);
  return rows;
}

/** Selects the rows of hashes that have one of the keys. */
const rowsWith = (keys: readonly number[]) => sql`
  select media_id, frame, place, frames, hash from media_fingerprints where bands && ${keys}::integer[]`;

/** Selects the pairs of a row and an asked hash that are near each other. */
const nearIn = (rows: string, { distance }: AlikeSearch) => sql`
  select media_id, frames, asked.frame as asked_frame, mirrored,
    bit_count(compared.hash # asked.hash)::integer as bits
  from ${sql.table(rows)} compared cross join asked
  where bit_count(compared.hash # asked.hash) <= ${distance}`;

/** Selects the newest items outside the trash that are alike by such pairs. */
const alikeAmong = (pairs: string, askedFrames: number, { except, limit }: AlikeSearch) => sql`
  select id, distance, mirrored from (
    select media_id, min(bits) as distance,
      coalesce(min(bits) filter (where mirrored) < min(bits) filter (where not mirrored),
        bool_and(mirrored)) as mirrored,
      2 * count(distinct asked_frame) >= least(min(frames), ${askedFrames}::integer) as enough
    from ${sql.table(pairs)} group by media_id) as found
  join media on id = found.media_id and deleted_at is null
  join media_content on media_content.media_id = id and upload_sha256 = sha256
  where enough and id is distinct from ${except ?? null}::uuid
  order by id desc limit ${limit}`;

/** Returns a hash in the form that PostgreSQL casts to bits. */
const bitText = (hash: Uint8Array): string => `x${Buffer.from(hash).toString('hex')}`;

/** Returns the bytes of a text of zeros and ones. */
const bytesOf = (bits: string): Uint8Array =>
  Uint8Array.from({ length: bits.length / 8 }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2));
