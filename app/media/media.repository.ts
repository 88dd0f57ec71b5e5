import { jsonArrayFrom } from 'kysely/helpers/postgres';
import { sql, type Insertable, type SelectQueryBuilder, type Updateable } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import type { DB, Media } from '../db/schema.gen.ts';
import type { Seen } from './visibility.ts';

/** The columns of a row that the API shows. */
const columns = [
  'media.id',
  'media.kind',
  'media.mime',
  'media.width',
  'media.height',
  'media.duration_ms',
  'media.byte_size',
  'media.title',
  'media.description',
  'media.original_name',
  'media.text',
  'media.text_edited',
  'media.state',
  'media.failure',
  'media.object_key',
  'media.thumb_key',
  'media.large_key',
  'media.thumb_hash',
  'media.poster_key',
  'media.preview_key',
  'media.playback_key',
  'media.has_audio',
  'media.owner_id',
  'media.created_at',
  'media.deleted_at',
] as const;

const tagNames = sql<string[]>`array(
  select name from media_tags join tags on tags.id = tag_id where media_id = media.id order by name)`;

/** Ids of the users whose favourites have the item. */
const favouredBy = sql<string[]>`array(select user_id from favourites where media_id = media.id)`;

/**
 * Selects items with their owner's name, their tags and the users who favour them. It is the base
 * of every query that returns items.
 */
export function selectMedia(db: Database | Trx) {
  return db
    .selectFrom('media')
    .innerJoin('users', 'users.id', 'media.owner_id')
    .select([...columns, 'users.username as owner_name'])
    .select(tagNames.as('tags'))
    .select(favouredBy.as('favoured_by'))
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom('media_stages')
          .select(['stage', 'state', 'media_stages.failure'])
          .whereRef('media_id', '=', 'media.id')
          .where('media_stages.state', 'in', ['pending', 'failed'])
          .orderBy('stage'),
      ).as('stages'),
    );
}

type RowOf<Query> = Query extends SelectQueryBuilder<DB, 'media' | 'users', infer Row> ? Row : never;
export type MediaRow = RowOf<ReturnType<typeof selectMedia>>;

export async function findMedia(db: Database | Trx, id: string): Promise<MediaRow | null> {
  return (await selectMedia(db).where('media.id', '=', id).executeTakeFirst()) ?? null;
}

/** Finds items, newest first. */
export async function findMediaByIds(db: Database, ids: readonly string[]): Promise<MediaRow[]> {
  if (ids.length === 0) return [];
  return selectMedia(db).where('media.id', 'in', ids).orderBy('media.id', 'desc').execute();
}

/** Finds the item that was uploaded as this file, deleted or not. */
export async function findBySha256(
  db: Database | Trx,
  sha256: string,
): Promise<({ id: string } & Seen) | null> {
  const row = await db
    .selectFrom('media')
    .select(['id', 'owner_id', 'deleted_at'])
    .where('sha256', '=', sha256)
    .executeTakeFirst();
  return row ?? null;
}

/** Inserts an item. Returns its row; `undefined` if the same content exists already. */
export function insertMedia(
  trx: Trx,
  row: Insertable<Media>,
): Promise<Omit<MediaRow, 'owner_name' | 'tags' | 'favoured_by' | 'stages'> | undefined> {
  return trx
    .insertInto('media')
    .values(row)
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .returning(columns)
    .executeTakeFirst();
}

export async function updateMedia(
  db: Database | Trx,
  id: string,
  values: Updateable<Pick<Media, 'title' | 'description' | 'text' | 'text_edited'>>,
): Promise<boolean> {
  return touched(
    await db
      .updateTable('media')
      .set({ ...values, updated_at: sql`now()` })
      .where('id', '=', id)
      .executeTakeFirst(),
  );
}

/** Moves an item into the trash (`true`) or out of it. */
export async function setDeleted(db: Database | Trx, id: string, deleted: boolean): Promise<boolean> {
  const deleted_at = deleted ? sql<Date>`coalesce(deleted_at, now())` : null;
  return touched(
    await db
      .updateTable('media')
      .set({ deleted_at, updated_at: sql`now()` })
      .where('id', '=', id)
      .executeTakeFirst(),
  );
}

/** The columns that name objects. */
export const KEY_COLUMNS = [
  'object_key',
  'thumb_key',
  'large_key',
  'poster_key',
  'preview_key',
  'playback_key',
  'card_key',
] as const satisfies (keyof Media)[];

/** Returns those of the keys that some item or gallery names. */
export async function namedKeys(db: Database, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const [items, galleries] = await Promise.all([
    db
      .selectFrom('media')
      .select(KEY_COLUMNS)
      .where((eb) => eb.or(KEY_COLUMNS.map((column) => eb(column, 'in', keys))))
      .execute(),
    db.selectFrom('shares').select('card_key').where('card_key', 'in', keys).execute(),
  ]);
  return new Set([...items.flatMap(keysOf), ...galleries.flatMap(({ card_key }) => card_key ?? [])]);
}

/** Returns every key a row names. */
export const keysOf = (row: Pick<Media, (typeof KEY_COLUMNS)[number]>): string[] =>
  KEY_COLUMNS.map((column) => row[column]).filter((key) => key !== null);

/** Finds the title and the original name of an original, by its key. */
export async function findNames(
  db: Database,
  objectKey: string,
): Promise<{ title: string; original_name: string } | null> {
  const row = await db
    .selectFrom('media')
    .select(['title', 'original_name'])
    .where('object_key', '=', objectKey)
    .executeTakeFirst();
  return row ?? null;
}

/** Finds the playback version of an original by its key, unless the item is in the trash. */
export async function findPlaybackKey(db: Database, objectKey: string): Promise<string | null> {
  const row = await db
    .selectFrom('media')
    .select('playback_key')
    .where('object_key', '=', objectKey)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row?.playback_key ?? null;
}

const touched = (result: { numUpdatedRows: bigint } | undefined) => (result?.numUpdatedRows ?? 0n) > 0n;

/** Lists ids outside the trash, in order, after `after`. */
export async function listIds(db: Database, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('media')
    .select('id')
    .where('id', '>', after)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}
