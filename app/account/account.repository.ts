import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';

/** Marks a locked account as one that is being closed. Nobody signs in to it any more. */
export async function markClosing(trx: Trx, id: string, closing: string): Promise<void> {
  await trx
    .updateTable('users')
    .set({ closing, disabled_at: sql<Date>`coalesce(disabled_at, now())` })
    .where('id', '=', id)
    .execute();
}

/** Lists the accounts that are being closed. */
export function listClosing(db: Database): Promise<{ id: string; closing: string | null }[]> {
  return db
    .selectFrom('users')
    .select(['id', 'closing'])
    .where('closing', 'is not', null)
    .orderBy('id')
    .execute();
}

/** Finds the enabled admin of longest standing. */
export async function findHeir(trx: Trx): Promise<string | null> {
  const row = await trx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Locks some items of a user in the order of their ids. */
export function lockItemsOfOwner(
  trx: Trx,
  ownerId: string,
  limit: number,
): Promise<{ id: string; deleted_at: Date | null }[]> {
  return trx
    .selectFrom('media')
    .select(['id', 'deleted_at'])
    .where('owner_id', '=', ownerId)
    .orderBy('id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
}

/**
 * Gives locked items to another owner.
 *
 * @param trash moves them into the trash; those that are there keep their time
 */
export async function setOwner(
  trx: Trx,
  ids: readonly string[],
  ownerId: string,
  trash: boolean,
): Promise<void> {
  await trx
    .updateTable('media')
    .set({
      owner_id: ownerId,
      updated_at: sql`now()`,
      ...(trash && { deleted_at: sql<Date>`coalesce(deleted_at, now())` }),
    })
    .where('id', 'in', ids)
    .execute();
}

/** Gives some collections of a user to another owner. Returns their number. */
export async function giveCollections(trx: Trx, from: string, to: string, limit: number): Promise<number> {
  const rows = await trx
    .selectFrom('collections')
    .select('id')
    .where('owner_id', '=', from)
    .orderBy('id')
    .limit(limit)
    .forNoKeyUpdate()
    .execute();
  if (rows.length === 0) return 0;
  await trx
    .updateTable('collections')
    .set({ owner_id: to })
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows.length;
}

/** Finds a collection with items that the user added. */
export async function findCollectionOfAdder(trx: Trx, userId: string): Promise<string | null> {
  const row = await trx
    .selectFrom('collection_items')
    .select('collection_id')
    .where('added_by', '=', userId)
    .limit(1)
    .executeTakeFirst();
  return row?.collection_id ?? null;
}

/** Names another user as the one who added these items. The caller holds the collection. */
export async function setAdder(trx: Trx, collectionId: string, from: string, to: string): Promise<void> {
  await trx
    .updateTable('collection_items')
    .set({ added_by: to })
    .where('collection_id', '=', collectionId)
    .where('added_by', '=', from)
    .execute();
}

/** Lists some favourites of a user. */
export async function listFavourites(trx: Trx, userId: string, limit: number): Promise<string[]> {
  const rows = await trx
    .selectFrom('favourites')
    .select('media_id')
    .where('user_id', '=', userId)
    .orderBy('media_id')
    .limit(limit)
    .execute();
  return rows.map(({ media_id }) => media_id);
}

/** Deletes some shares of a user, in the order of their codes. Returns their number. */
export async function deleteSharesOf(trx: Trx, ownerId: string, limit: number): Promise<number> {
  const rows = await trx
    .selectFrom('shares')
    .select('code')
    .where('owner_id', '=', ownerId)
    .orderBy('code')
    .limit(limit)
    .forUpdate()
    .execute();
  if (rows.length === 0) return 0;
  await trx
    .deleteFrom('shares')
    .where(
      'code',
      'in',
      rows.map(({ code }) => code),
    )
    .execute();
  return rows.length;
}

/** Locks an account, so that nothing new refers to it. Tells whether it is being closed. */
export async function lockClosing(trx: Trx, id: string): Promise<boolean> {
  const row = await trx
    .selectFrom('users')
    .select('id')
    .where('id', '=', id)
    .where('closing', 'is not', null)
    .forUpdate()
    .executeTakeFirst();
  return row !== undefined;
}

/** Tells whether something of the user is still to be given away or deleted in parts. */
export async function hasRest(trx: Trx, id: string): Promise<boolean> {
  const { rows } = await sql<{ rest: boolean }>`
    select exists (select from media where owner_id = ${id})
      or exists (select from collections where owner_id = ${id})
      or exists (select from collection_items where added_by = ${id})
      or exists (select from favourites where user_id = ${id})
      or exists (select from shares where owner_id = ${id}) as rest`.execute(trx);
  return rows[0]?.rest ?? false;
}

/**
 * Deletes a locked account of which nothing else is left. Its invites, that by which it came,
 * sessions, tokens, reset links and proposals go with it.
 */
export async function deleteAccount(trx: Trx, id: string): Promise<void> {
  await trx
    .deleteFrom('invites')
    .where((eb) => eb.or([eb('created_by', '=', id), eb('used_by', '=', id)]))
    .execute();
  await trx.deleteFrom('users').where('id', '=', id).execute();
}
