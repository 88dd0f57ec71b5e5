import { v7 as uuidv7 } from 'uuid';
import { requireOwner } from '../http/access.ts';
import { AppError } from '../http/errors.ts';
import { storableString } from '../http/text.schema.ts';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { visibleTrash, type Viewer } from '../media/visibility.ts';
import { revokeSharesOf } from '../shares/shares.repository.ts';
import type { Storage } from '../storage/storage.ts';
import { lockItems } from '../tags/tags.repository.ts';
import { collectionKey } from './collection-name.ts';
import {
  countCollected,
  deleteCollected,
  findCollected,
  insertCollected,
  moveCollected,
} from './collection-items.repository.ts';
import { MAX_COLLECTION_ITEMS } from './collections.limits.ts';
import {
  deleteCollection,
  findCollection,
  insertCollection,
  listCollections,
  lockCollection,
  updateCollection,
  type CollectionRow,
} from './collections.repository.ts';
import {
  collectionSort,
  type CollectedItems,
  type Collection,
  type CollectionList,
  type CollectionMove,
  type CollectionPatch,
  type CollectionsQuery,
  type NewCollection,
} from './collections.schema.ts';

/**
 * Collections of items. Every user sees all of them, makes some and adds items. The owner of a
 * collection and admins change, order and delete it, and remove its items. Other users remove those
 * that they added. An item in another user's trash does not exist here.
 *
 * Errors of all but `list` and `create`: `not_found`.
 */
export interface CollectionsService {
  /** Lists collections by name. Errors: `invalid_cursor`. */
  list(query: CollectionsQuery): Promise<CollectionList>;
  get(id: string): Promise<Collection>;
  /** Makes a collection. Errors: `collection_taken` (the name, in any case). */
  create(wanted: NewCollection, by: Viewer): Promise<Collection>;
  /** Errors: `not_allowed`, `collection_taken`. */
  update(id: string, patch: CollectionPatch, by: Viewer): Promise<Collection>;
  /** Deletes a collection for good, and ends its shares. Its items stay. Errors: `not_allowed`. */
  remove(id: string, by: Viewer): Promise<void>;
  /** Adds items; those that are there stay as they are. Errors: `collection_full`. */
  addItems(
    id: string,
    items: CollectedItems,
    by: Viewer,
  ): Promise<{ added: string[]; collection: Collection }>;
  /** Removes items; others than the owner and admins only those that they added. */
  removeItems(
    id: string,
    ids: readonly string[],
    by: Viewer,
  ): Promise<{ removed: { id: string; place: string }[] }>;
  /** Moves items. Errors: `not_allowed`. */
  move(id: string, move: CollectionMove, by: Viewer): Promise<void>;
}

export function createCollections(db: Database, storage: Storage): CollectionsService {
  const missing = () => new AppError('not_found', 'There is no such collection.');
  const taken = () => new AppError('collection_taken', 'A collection with this name already exists.');

  async function get(id: string): Promise<Collection> {
    const row = await findCollection(db, id);
    if (row === null) throw missing();
    return toCollection(row, storage);
  }

  async function lock(trx: Trx, id: string) {
    const row = await lockCollection(trx, id);
    if (row === null) throw missing();
    return row;
  }

  const isManager = (row: { owner_id: string }, by: Viewer) => row.owner_id === by.id || by.role === 'admin';

  return {
    get,

    async list({ q, name, item, cursor, limit }) {
      const key = name === undefined ? null : collectionKey(name);
      // A text that is no name is the name of nothing.
      if (name !== undefined && key === null) return { collections: [], nextCursor: null };
      const rows = await listCollections(db, {
        part: q === undefined ? null : collectionKey(q),
        key,
        item: item ?? null,
        after: cursor === undefined ? null : decodeKey(cursor),
        limit: limit + 1,
      });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return {
        collections: shown.map((row) => toCollection(row, storage)),
        nextCursor: last === undefined ? null : encodeKey(last.key),
      };
    },

    async create({ name: { name, key }, description, sort }, by) {
      const id = uuidv7();
      await inTransaction(db, async (trx) => {
        const made = await insertCollection(trx, { id, name, key, description, sort, owner_id: by.id });
        if (!made) throw taken();
      });
      return get(id);
    },

    async update(id, { name, ...values }, by) {
      await inTransaction(db, async (trx) => {
        requireOwner((await lock(trx, id)).owner_id, by);
        if (!(await updateCollection(trx, id, { ...values, ...name }))) throw taken();
      });
      return get(id);
    },

    remove: (id, by) =>
      inTransaction(db, async (trx) => {
        requireOwner((await lock(trx, id)).owner_id, by);
        await revokeSharesOf(trx, id);
        await deleteCollection(trx, id);
      }),

    async addItems(id, { ids, places }, by) {
      const added = await inTransaction(db, async (trx) => {
        const here = new Set(await lockItems(trx, ids, visibleTrash(by)));
        await lock(trx, id);
        const items = ids
          .filter((item) => here.has(item))
          .map((item) => ({ media_id: item, place: places[item] ?? null, added_by: by.id }));
        const added = await insertCollected(trx, id, items);
        if (added.length > 0 && (await countCollected(trx, id)) > MAX_COLLECTION_ITEMS)
          throw new AppError('collection_full', `A collection has at most ${MAX_COLLECTION_ITEMS} items.`);
        return added;
      });
      return { added, collection: await get(id) };
    },

    removeItems: (id, ids, by) =>
      inTransaction(db, async (trx) => {
        const here = await lockItems(trx, ids, null);
        const addedBy = isManager(await lock(trx, id), by) ? null : by.id;
        return { removed: await deleteCollected(trx, id, here, addedBy) };
      }),

    move: (id, { ids, after }, by) =>
      inTransaction(db, async (trx) => {
        requireOwner((await lock(trx, id)).owner_id, by);
        if (after !== null && ids.includes(after))
          throw new AppError('invalid_field', 'An item cannot move behind itself.');
        const wanted = after === null ? ids : [...ids, after];
        const there = await findCollected(trx, id, wanted);
        if (wanted.some((item) => !there.has(item)))
          throw new AppError('not_found', 'There is no such item in the collection.');
        await moveCollected(trx, id, ids, after);
      }),
  };
}

const encodeKey = (key: string) => Buffer.from(key).toString('base64url');

function decodeKey(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (storableString.safeParse(key).success) return key;
  throw new AppError('invalid_cursor', 'This cursor does not belong to this list.');
}

const toCollection = (row: CollectionRow, storage: Storage): Collection => ({
  id: row.id,
  name: row.name,
  description: row.description,
  sort: collectionSort.parse(row.sort),
  owner: { id: row.owner_id, username: row.owner_name },
  items: row.items,
  covers: row.covers.map(({ id, thumb_key, poster_key }) => {
    const key = thumb_key ?? poster_key;
    return { id, thumbUrl: key === null ? null : storage.publicUrl(key) };
  }),
  createdAt: row.created_at.toISOString(),
});
