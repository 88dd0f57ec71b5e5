import { sql, type Insertable, type Updateable } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import type { Media, Shares } from '../db/schema.gen.ts';
import { idsByHash } from './collections.repository.ts';

/** Returns the moment of an export: later changes are not part of it. */
export async function databaseTime(db: Database): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select now()`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('The database does not tell the time.');
  return row.now;
}

/** Here and below, `ownerId` limits an export to what one user has; `null` exports everything. */
export function peopleUntil(db: Database, moment: Date, ownerId: string | null) {
  return db
    .selectFrom('users')
    .select(['id', 'username', 'role', 'password_hash', 'created_at', 'disabled_at'])
    .where('created_at', '<=', moment)
    .$if(ownerId !== null, (query) => query.where('id', '=', ownerId ?? ''))
    .orderBy('id')
    .execute();
}

/** Lists the shares that show something, oldest first, with the hashes of their items. */
export function sharesUntil(db: Database, moment: Date, ownerId: string | null) {
  return db
    .selectFrom('shares')
    .leftJoin('collections', (join) => {
      const shared = join.onRef('collections.id', '=', 'shares.collection_id');
      return ownerId === null ? shared : shared.on('collections.owner_id', '=', ownerId);
    })
    .leftJoin('share_items', 'share_items.code', 'shares.code')
    .leftJoin('media', (join) => {
      const shared = join.onRef('media.id', '=', 'share_items.media_id').on('media.created_at', '<=', moment);
      return ownerId === null ? shared : shared.on('media.owner_id', '=', ownerId);
    })
    .select([
      'collections.name as collection',
      'shares.code',
      'shares.owner_id',
      'shares.show_sharer',
      'shares.end_file_address',
      'shares.opens',
      'shares.created_at',
      'shares.expires_at',
      'shares.revoked_at',
      'shares.last_opened_at',
      sql<{ position: number; sha256: string }[]>`coalesce(json_agg(json_build_object(
        'position', share_items.position, 'sha256', media.sha256) order by share_items.position)
        filter (where media.id is not null), '[]')`.as('items'),
    ])
    .where('shares.created_at', '<=', moment)
    .$if(ownerId !== null, (query) => query.where('shares.owner_id', '=', ownerId ?? ''))
    .groupBy(['shares.code', 'collections.name'])
    .having((eb) => eb.or([eb('collections.name', 'is not', null), eb(eb.fn.count('media.id'), '>', 0)]))
    .orderBy('shares.created_at')
    .orderBy('shares.code')
    .execute();
}

/**
 * Inserts a share, and those of its items that are here. Returns `false`, and changes nothing, if
 * the code is taken, or neither an item nor the collection is here.
 */
export async function insertArchivedShare(
  trx: Trx,
  share: Insertable<Shares>,
  items: readonly { position: number; sha256: string }[],
): Promise<boolean> {
  const ids = await idsByHash(
    trx,
    items.map(({ sha256 }) => sha256),
  );
  if (ids.size === 0 && (share.collection_id ?? null) === null) return false;
  const inserted = await trx
    .insertInto('shares')
    .values(share)
    .onConflict((conflict) => conflict.doNothing())
    .returning('code')
    .executeTakeFirst();
  if (!inserted) return false;
  if (ids.size === 0) return true;
  const positions = new Map(items.map(({ position, sha256 }) => [sha256, position]));
  await trx
    .insertInto('share_items')
    .values(
      [...ids].map(([sha256, media_id]) => ({
        code: share.code,
        media_id,
        position: positions.get(sha256) ?? 0,
      })),
    )
    .execute();
  return true;
}

const selectItems = (db: Database) =>
  db
    .selectFrom('media')
    .select([
      'id',
      'owner_id',
      'sha256',
      'object_key',
      'kind',
      'mime',
      'width',
      'height',
      'duration_ms',
      'has_audio',
      'thumb_hash',
      'words_top',
      'title',
      'description',
      'original_name',
      'text',
      'text_edited',
      'created_at',
      'updated_at',
      'deleted_at',
    ])
    .select([
      sql<string[]>`array(
        select name from media_tags join tags on tags.id = tag_id where media_id = media.id order by name)`.as(
        'tags',
      ),
      sql<{ person: string; at: string }[]>`(
        select coalesce(json_agg(json_build_object('person', user_id, 'at', created_at) order by user_id), '[]')
        from favourites where media_id = media.id)`.as('favourites'),
      sql<{ id: string; addresses: { key: string; role: string }[] }[]>`(
        select coalesce(json_agg(json_build_object('id', media_id, 'addresses', (
          select coalesce(json_agg(json_build_object('key', key, 'role', role)), '[]')
          from unnest(keys, roles) as former (key, role))) order by media_id), '[]')
        from merges where into_id = media.id)`.as('merged'),
      sql<string[]>`array(
        select stage from media_stages where media_id = media.id order by stage)`.as('stages'),
      sql<boolean>`exists (
        select from media_stages where media_id = media.id and stage = 'text' and state = 'done')`.as(
        'text_read',
      ),
    ]);

export type ItemRow = Awaited<ReturnType<ReturnType<typeof selectItems>['executeTakeFirstOrThrow']>>;

/** Lists items in the order of their ids, trash included. */
export function itemsAfter(
  db: Database,
  { after, moment, ownerId, limit }: { after: string; moment: Date; ownerId: string | null; limit: number },
): Promise<ItemRow[]> {
  return selectItems(db)
    .where('id', '>', after)
    .where('created_at', '<=', moment)
    .$if(ownerId !== null, (query) => query.where('owner_id', '=', ownerId ?? ''))
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function findItem(db: Database, id: string): Promise<ItemRow | null> {
  return (await selectItems(db).where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function countItems(db: Database, moment: Date, ownerId: string | null): Promise<number> {
  const { count } = await db
    .selectFrom('media')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('created_at', '<=', moment)
    .$if(ownerId !== null, (query) => query.where('owner_id', '=', ownerId ?? ''))
    .executeTakeFirstOrThrow();
  return count;
}

export async function setAccountTimes(
  trx: Trx,
  id: string,
  times: { created_at: string; disabled_at: string | null },
): Promise<void> {
  await trx.updateTable('users').set(times).where('id', '=', id).execute();
}

/** Finds the item of this content and locks it until the end of the transaction. */
export async function lockBySha256(trx: Trx, sha256: string) {
  const row = await trx
    .selectFrom('media')
    .select(['id', 'title', 'description', 'text', 'text_edited'])
    .where('sha256', '=', sha256)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row ?? null;
}

export async function idTaken(db: Database | Trx, id: string): Promise<boolean> {
  return (await db.selectFrom('media').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

export async function fillItem(
  trx: Trx,
  id: string,
  values: Updateable<Pick<Media, 'title' | 'description' | 'text' | 'text_edited'>>,
): Promise<void> {
  await trx
    .updateTable('media')
    .set({ ...values, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}
