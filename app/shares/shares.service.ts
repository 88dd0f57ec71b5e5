import { lockUser } from '../auth/auth.repository.ts';
import { newCode } from '../auth/secret-code.ts';
import { numberCollected } from '../collections/collection-items.repository.ts';
import { findCollectionOwner, lockCollection } from '../collections/collections.repository.ts';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireEnabled, requireOwner } from '../http/access.ts';
import type { SessionUser } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { mediaKind } from '../media/media.schema.ts';
import type { Storage } from '../storage/storage.ts';
import type { ShareOpens } from './opens.ts';
import { endAddressesJob, endCardsJob, makeCardJob } from './shares.jobs.ts';
import { SHARE_LIFETIME_DAYS } from './shares.limits.ts';
import {
  findLinks,
  findShare,
  itemsOfShare,
  insertShare,
  listShares,
  lockLiveItems,
  lockShare,
  revokeShare,
  revokeShares,
  updateShare,
  type ShareRow,
} from './shares.repository.ts';
import {
  NEVER_ENDS,
  NO_END_OF_COLLECTION,
  SHARE_CODE,
  type NewShare,
  type Share,
  type SharePatch,
  type ShareListQuery,
} from './shares.schema.ts';

/** A share without its address. The routes add it, because they know the public address. */
export type ShareView = Omit<Share, 'url'>;

export interface Shares {
  /**
   * Creates a share of items that this user sees, or of a collection. The page of a collection
   * shows what it has at that time. Errors: `not_found` for a missing or trashed item and a missing
   * collection, `not_signed_in` for an account that was disabled meanwhile.
   */
  create(by: SessionUser, wanted: NewShare): Promise<ShareView>;
  /**
   * Returns the user's share of this item alone that never expires; creates it when there is none.
   * Errors: as `create`.
   */
  link(by: SessionUser, itemId: string): Promise<ShareView>;
  /** Returns the codes of such shares, by item. Makes none. */
  links(by: Pick<SessionUser, 'id'>, itemIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Lists shares, newest first. Errors: `not_allowed` (all, for a member), `invalid_cursor`.
   */
  list(by: SessionUser, query: ShareListQuery): Promise<{ shares: ShareView[]; next: string | null }>;
  /**
   * Returns a share to its owner or an admin, and to the owner of its collection. Errors (here and
   * below): `not_found`, `not_allowed`.
   */
  get(code: string, by: SessionUser): Promise<ShareView>;
  /**
   * Changes a share for its owner or an admin. A lifetime counts from now, also of an expired one.
   * Errors: `invalid_field` for file addresses that are to end with a share that never does.
   */
  update(code: string, patch: SharePatch, by: SessionUser): Promise<ShareView>;
  /**
   * Ends a share for good, also for the owner of its collection. Idempotent.
   *
   * @param endFileAddress also gives the items new file addresses, by a job; if unset, as the share
   *   was made. Errors: `not_allowed`
   *   unless the user owns every item or is an admin (here, in `create` and in `update`).
   */
  revoke(code: string, by: SessionUser, endFileAddress?: boolean): Promise<void>;
  /**
   * Ends the user's shares, or all for an admin. Returns the number of live ones. Errors:
   * `not_allowed`.
   */
  revokeAll(by: SessionUser, scope: 'mine' | 'all'): Promise<number>;
}

/** Number of shares of one page of a list. */
const PAGE_SHARES = 30;

export interface SharesServiceDeps {
  db: Database;
  storage: Storage;
  opens: ShareOpens;
  jobs: JobQueue;
}

export function createShares({ db, storage, opens, jobs }: SharesServiceDeps): Shares {
  const viewFor = (by: SessionUser) => (row: ShareRow) => toView(row, by, storage);

  /** Inserts a share. The caller holds the lock of the owner's account. */
  async function insert(trx: Trx, by: SessionUser, wanted: NewShare): Promise<string> {
    const ids = [...new Set(wanted.itemIds)];
    const { showSharer, endFileAddress, collectionId = null } = wanted;
    if (collectionId !== null) {
      // Held, so that its deletion finds this share and ends it.
      if ((await lockCollection(trx, collectionId)) === null)
        throw new AppError('not_found', 'There is no such collection.');
      await numberCollected(trx, collectionId);
    }
    const live = ids.length === 0 ? new Map<string, string>() : await lockLiveItems(trx, ids);
    if (endFileAddress) requireOwnItems([...live.values()], by);
    if (ids.some((id) => !live.has(id))) throw new AppError('not_found', 'There is no such item.');
    const code = newCode();
    const days = SHARE_LIFETIME_DAYS[wanted.expires];
    await insertShare(trx, { code, ownerId: by.id, showSharer, endFileAddress, collectionId, days }, ids);
    await jobs.enqueue(trx, makeCardJob, { code });
    return code;
  }

  /** Runs `work` under the lock of the user's account, and returns the share that it names. */
  const asOwner = (by: SessionUser, work: (trx: Trx) => Promise<string>) =>
    inTransaction(db, async (trx) => {
      requireEnabled(await lockUser(trx, by.id));
      return viewFor(by)(await require(trx, await work(trx), by));
    });

  /** Locks a share. Errors: `not_found`. */
  const lock = async (trx: Trx, code: string) => (await lockShare(trx, code)) ?? missing();

  return {
    create: (by, wanted) => asOwner(by, (trx) => insert(trx, by, wanted)),

    link: (by, itemId) =>
      asOwner(by, async (trx) => {
        const wanted: NewShare = {
          itemIds: [itemId],
          expires: 'never',
          showSharer: false,
          endFileAddress: false,
        };
        if (!(await lockLiveItems(trx, [itemId])).has(itemId)) return missing();
        return (await findLinks(trx, by.id, [itemId])).get(itemId) ?? insert(trx, by, wanted);
      }),

    links: (by, itemIds) => findLinks(db, by.id, itemIds),

    async list(by, { scope, item = null, collection = null, cursor = null }) {
      requireScope(by, scope);
      if (cursor !== null && !(SHARE_CODE.test(cursor) && (await findShare(db, cursor, by.id))))
        throw new AppError('invalid_cursor', 'This cursor does not belong to this list.');
      // Openings that this process has counted show at once.
      await opens.flush();
      const managed =
        collection !== null && (by.role === 'admin' || (await ownsCollection(db, collection, by)));
      const ownerId = scope === 'all' || managed ? null : by.id;
      const rows = await listShares(db, {
        ownerId,
        itemId: item,
        collectionId: collection,
        after: cursor,
        limit: PAGE_SHARES + 1,
        viewerId: by.id,
      });
      const page = rows.slice(0, PAGE_SHARES);
      const next = rows.length > PAGE_SHARES ? (page.at(-1)?.code ?? null) : null;
      return { shares: page.map(viewFor(by)), next };
    },

    async get(code, by) {
      await opens.flush();
      const row = await require(db, code, by);
      if (!(await ownsCollection(db, row.collection_id, by))) requireOwner(row.owner_id, by);
      return viewFor(by)(row);
    },

    update: (code, { expires, showSharer, endFileAddress }, by) =>
      inTransaction(db, async (trx) => {
        const { owner_id, revoked_at, expires_at, collection_id } = await lock(trx, code);
        requireOwner(owner_id, by);
        if (endFileAddress === true && collection_id !== null) throw endsNoAddress(NO_END_OF_COLLECTION);
        if (revoked_at !== null) throw new AppError('not_found', 'This share has ended. Make a new one.');
        const days = expires === undefined ? undefined : SHARE_LIFETIME_DAYS[expires];
        if (endFileAddress === true) await requireEnd(trx, code, by);
        const lasts = days === undefined ? expires_at === null : days === null;
        if (lasts && endFileAddress === true) throw endsNoAddress(NEVER_ENDS);
        // A share that no longer expires forgets what was to end with its lifetime.
        await updateShare(trx, code, { days, showSharer, endFileAddress: lasts ? false : endFileAddress });
        return viewFor(by)(await require(trx, code, by));
      }),

    revoke: (code, by, endFileAddress) =>
      inTransaction(db, async (trx) => {
        const { owner_id, collection_id } = await lock(trx, code);
        if (!(await ownsCollection(trx, collection_id, by))) requireOwner(owner_id, by);
        if (endFileAddress && collection_id !== null) throw endsNoAddress(NO_END_OF_COLLECTION);
        if (endFileAddress) {
          const ids = await requireEnd(trx, code, by);
          await jobs.enqueue(trx, endAddressesJob, { ids });
        }
        if (endFileAddress !== undefined) await updateShare(trx, code, { endFileAddress: false });
        await revokeShare(trx, code);
        await jobs.enqueue(trx, endCardsJob, {});
      }),

    async revokeAll(by, scope) {
      requireScope(by, scope);
      return inTransaction(db, async (trx) => {
        const ended = await revokeShares(trx, scope === 'all' ? null : by.id);
        await jobs.enqueue(trx, endCardsJob, {});
        return ended;
      });
    },
  };
}

async function require(db: Database | Trx, code: string, by: SessionUser): Promise<ShareRow> {
  return (await findShare(db, code, by.id)) ?? missing();
}

/** Returns the items of a share whose file addresses this user may end. Errors: `not_allowed`. */
async function requireEnd(trx: Trx, code: string, by: SessionUser): Promise<string[]> {
  const items = await itemsOfShare(trx, code);
  requireOwnItems(
    items.map(({ owner_id }) => owner_id),
    by,
  );
  return items.map(({ id }) => id);
}

function requireOwnItems(ownerIds: readonly string[], by: SessionUser): void {
  for (const ownerId of ownerIds) requireOwner(ownerId, by);
}

const endsNoAddress = (why: string) =>
  new AppError('invalid_field', 'This does not fit: endFileAddress.', {
    details: { fields: { endFileAddress: why } },
  });

/** Tells whether this user owns the collection of a share; `null` for a share of chosen items. */
const ownsCollection = async (db: Database | Trx, id: string | null, by: SessionUser): Promise<boolean> =>
  id !== null && (await findCollectionOwner(db, id)) === by.id;

function missing(): never {
  throw new AppError('not_found', 'There is no such share here.');
}

function requireScope(by: SessionUser, scope: 'mine' | 'all'): void {
  if (scope === 'all' && by.role !== 'admin')
    throw new AppError('not_allowed', 'Only an admin sees the shares of all.');
}

function stateOf(row: ShareRow): Share['state'] {
  if (row.revoked_at !== null) return 'revoked';
  if (row.expired) return 'expired';
  // A collection without items may get some.
  return row.item_count === 0 && row.collection_id === null ? 'deleted' : 'live';
}

const toView = (row: ShareRow, by: SessionUser, storage: Storage): ShareView => ({
  code: row.code,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  showSharer: row.show_sharer,
  collection: row.collection_id === null ? null : { id: row.collection_id, name: row.collection_name ?? '' },
  sharedBy: { id: row.owner_id, username: row.owner_name },
  itemCount: row.item_count ?? 0,
  items: row.items.map(({ id, title, kind, thumb_key }) => ({
    id,
    title,
    kind: mediaKind.parse(kind),
    thumbnailUrl: thumb_key === null ? null : storage.publicUrl(thumb_key),
  })),
  opens: row.opens,
  lastOpenedAt: row.last_opened_at?.toISOString() ?? null,
  state: stateOf(row),
  otherShares: row.other_shares,
  endFileAddress: row.end_file_address,
  mayEndFileAddress: row.collection_id === null && (by.role === 'admin' || !row.foreign_items),
});
