import { sql, type Selectable } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import type { Media } from '../db/schema.gen.ts';
import { KEY_COLUMNS } from './media.repository.ts';

/** The keys of an item, by column; null where it has no such object. */
export type Keys = Pick<Selectable<Media>, (typeof KEY_COLUMNS)[number]>;

/** The part of an item that decides about its addresses. */
export type AddressRow = Keys & Pick<Selectable<Media>, 'id' | 'deleted_at' | 'hidden_in'>;

const columns = ['id', 'deleted_at', 'hidden_in', ...KEY_COLUMNS] as const;

const selectAddresses = (db: Database | Trx, ids: readonly string[]) =>
  db.selectFrom('media').select(columns).where('id', 'in', ids).orderBy('id');

export function findAddresses(db: Database, ids: readonly string[]): Promise<AddressRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : selectAddresses(db, ids).execute();
}

/** Locks the rows of items in the order of their ids. */
export function lockAddresses(trx: Trx, ids: readonly string[]): Promise<AddressRow[]> {
  return ids.length === 0 ? Promise.resolve([]) : selectAddresses(trx, ids).forNoKeyUpdate().execute();
}

export async function setAddresses(
  trx: Trx,
  id: string,
  values: Partial<Pick<AddressRow, keyof Keys | 'hidden_in'>>,
): Promise<void> {
  await trx.updateTable('media').set(values).where('id', '=', id).execute();
}

export async function setHiddenIn(
  trx: Trx,
  ids: readonly string[],
  hiddenIn: AddressRow['hidden_in'],
): Promise<void> {
  if (ids.length > 0)
    await trx.updateTable('media').set({ hidden_in: hiddenIn }).where('id', 'in', ids).execute();
}

/**
 * Lists items whose addresses are open though they are in the trash, or closed though they are not.
 *
 * @param backend storage in use: an item hidden in another one counts as open
 * @param minAgeSeconds younger deletions have their own job
 */
export async function idsOutOfSync(
  db: Database,
  backend: string,
  minAgeSeconds: number,
  limit: number,
): Promise<string[]> {
  const trashed = db
    .selectFrom('media')
    .select('id')
    .where('deleted_at', '<', sql<Date>`now() - make_interval(secs => ${minAgeSeconds})`)
    .where((eb) => eb.or([eb('hidden_in', 'is', null), eb('hidden_in', '!=', backend)]))
    .limit(limit);
  const restored = db
    .selectFrom('media')
    .select('id')
    .where('deleted_at', 'is', null)
    .where('hidden_in', 'is not', null)
    .limit(limit);
  const found = await Promise.all([trashed.execute(), restored.execute()]);
  return found.flat().map(({ id }) => id);
}
