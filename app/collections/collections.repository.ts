import { sql, type Insertable, type Updateable } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import type { Collections } from '../db/schema.gen.ts';
import { COVER_ITEMS } from './collections.limits.ts';

/** The thumbnails of the first items outside the trash, in the order of the collection. */
const coversIn = (sort: string, order: string) => sql`(
  select m.id, m.thumb_key, m.poster_key from collection_items ci join media m on m.id = ci.media_id
  where collections.sort = ${sql.lit(sort)} and ci.collection_id = collections.id and m.deleted_at is null
  order by ${sql.raw(order)} limit ${sql.lit(COVER_ITEMS)})`;

/** One branch for each order, so that each reads only the beginning of an index. */
const covers = sql<{ id: string; thumb_key: string | null; poster_key: string | null }[]>`(
  select coalesce(json_agg(c), '[]') from (
    ${coversIn('hand', 'ci.place, ci.media_id')}
    union all ${coversIn('newest', 'ci.media_id desc')}
    union all ${coversIn('oldest', 'ci.media_id')}) c)`;

const countItems = sql<number>`(
  select count(*)::integer from collection_items ci join media m on m.id = ci.media_id
  where ci.collection_id = collections.id and m.deleted_at is null)`;

/** Selects collections with their owner's name, the number of their items and their covers. */
const selectCollections = (db: Database | Trx) =>
  db
    .selectFrom('collections')
    .innerJoin('users', 'users.id', 'collections.owner_id')
    .select(['collections.id', 'name', 'key', 'description', 'sort', 'owner_id', 'collections.created_at'])
    .select(['users.username as owner_name', countItems.as('items'), covers.as('covers')]);

export type CollectionRow = Awaited<
  ReturnType<ReturnType<typeof selectCollections>['executeTakeFirstOrThrow']>
>;

export async function findCollection(db: Database | Trx, id: string): Promise<CollectionRow | null> {
  return (await selectCollections(db).where('collections.id', '=', id).executeTakeFirst()) ?? null;
}

/** Returns the id of a collection's owner; `null` for no such collection. */
export async function findCollectionOwner(db: Database | Trx, id: string): Promise<string | null> {
  const row = await db.selectFrom('collections').select('owner_id').where('id', '=', id).executeTakeFirst();
  return row?.owner_id ?? null;
}

/** A search for collections; every given condition applies. */
export interface CollectionSearch {
  /** Part of the key. */
  part: string | null;
  key: string | null;
  /** Id of an item of the collection, outside the trash. */
  item: string | null;
  /** Only those whose key comes after this one. */
  after: string | null;
  limit: number;
}

/** Lists collections by key, by code point. */
export function listCollections(
  db: Database,
  { part, key, item, after, limit }: CollectionSearch,
): Promise<CollectionRow[]> {
  return selectCollections(db)
    .$if(part !== null, (query) => query.where(sql<boolean>`strpos(key, ${part}) > 0`))
    .$if(key !== null, (query) => query.where('key', '=', key))
    .$if(after !== null, (query) => query.where('key', '>', after))
    .$if(item !== null, (query) =>
      query.where((eb) =>
        eb.exists(
          eb
            .selectFrom('collection_items')
            .innerJoin('media', 'media.id', 'media_id')
            .select('media_id')
            .whereRef('collection_id', '=', 'collections.id')
            .where('media_id', '=', item)
            .where('media.deleted_at', 'is', null),
        ),
      ),
    )
    .orderBy('key')
    .limit(limit)
    .execute();
}

/** Lists names of collections whose key contains a text, those that begin with it first. */
export async function collectionsContaining(db: Database, part: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('collections')
    .select('name')
    .where(sql<boolean>`strpos(key, ${part}) > 0`)
    .orderBy(sql`starts_with(key, ${part})`, 'desc')
    .orderBy('key')
    .limit(limit)
    .execute();
  return rows.map(({ name }) => name);
}

/** Returns the ids and orders of the collections with these keys. */
export async function findCollectionsByKeys(
  db: Database | Trx,
  keys: readonly string[],
): Promise<ReadonlyMap<string, { id: string; sort: string }>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom('collections')
    .select(['key', 'id', 'sort'])
    .where('key', 'in', keys)
    .execute();
  return new Map(rows.map(({ key, ...found }) => [key, found]));
}

/** Inserts a collection. Returns `false` if its key is taken. */
export async function insertCollection(trx: Trx, row: Insertable<Collections>): Promise<boolean> {
  const inserted = await trx
    .insertInto('collections')
    .values(row)
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Locks a collection until the end of the transaction, after its items. */
export async function lockCollection(trx: Trx, id: string) {
  const query = trx.selectFrom('collections').selectAll().where('id', '=', id).forNoKeyUpdate();
  return (await query.executeTakeFirst()) ?? null;
}

/** Changes a collection. Returns `false` if another one has the key. The caller holds the row. */
export async function updateCollection(
  trx: Trx,
  id: string,
  values: Updateable<Pick<Collections, 'name' | 'key' | 'description' | 'sort'>>,
): Promise<boolean> {
  if (Object.keys(values).length === 0) return true;
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from collections where key = ${values.key ?? ''} and id <> ${id}) as taken`.execute(
    trx,
  );
  if (rows[0]?.taken === true) return false;
  await trx.updateTable('collections').set(values).where('id', '=', id).execute();
  return true;
}

/** Deletes a collection. Its items stay in the library. */
export async function deleteCollection(trx: Trx, id: string): Promise<void> {
  await trx.deleteFrom('collections').where('id', '=', id).execute();
}
