import { renumberCollected } from '../../collections/collection-items.repository.ts';
import type { Trx } from '../../db/client.ts';
import { ConflictError, inTransaction } from '../../db/transaction.ts';
import { requireOwner } from '../../http/access.ts';
import type { SessionUser } from '../../http/env.ts';
import { AppError } from '../../http/errors.ts';
import { roleOf } from '../../storage/objects.ts';
import { changeTags, lockTagNames, tagsOfItems } from '../../tags/tags.repository.ts';
import { syncAtOnce, syncLater, type AddressDeps } from '../address.service.ts';
import { MAX_DESCRIPTION_UNITS } from '../media.limits.ts';
import { findMedia, KEY_COLUMNS, setDeleted, updateMedia } from '../media.repository.ts';
import { toItem } from '../media.view.ts';
import { requireVisible } from '../visibility.ts';
import { listDuplicates } from './groups.service.ts';
import type {
  DuplicateList,
  DuplicatesQuery,
  Merge,
  Merged,
  WishChange,
  WishesChanged,
} from './duplicates.schema.ts';
import * as repository from './merges.repository.ts';

/** Items that are the same meme, and merges of them. */
export interface Duplicates {
  /** Lists groups, newest first, with the best file first. */
  list(query: DuplicatesQuery, by: SessionUser): Promise<DuplicateList>;
  /**
   * Merges items into another one, which keeps its file. It gets their tags, titles, descriptions,
   * shares with their counts, favourites and collections, and they go to the trash. Their addresses
   * lead to it. To restore one undoes its merge.
   *
   * Only for items that are the user's to delete. Errors: `merge_into_itself`, `already_merged`
   * (with the other item), `not_found`, `not_allowed`.
   */
  merge(merge: Merge, by: SessionUser): Promise<Merged>;
  /**
   * Proposes a merge to those who may do it, or takes the proposal back. Errors: as `merge`,
   * without `not_allowed`.
   */
  wish(change: WishChange, by: SessionUser): Promise<WishesChanged>;
  /**
   * Returns the id of the item that an item was merged into. Returns `null` for any other item, and
   * while the database does not answer.
   */
  mergedInto(id: string): Promise<string | null>;
}

type Row = Awaited<ReturnType<typeof repository.lockMerged>>[number];

export function createDuplicates(deps: AddressDeps): Duplicates {
  const { db, storage, logger } = deps;
  return {
    list: (query, by) => listDuplicates(db, storage, query, by),

    async merge({ into, ids }, by) {
      refuseItself(into, ids);
      await inTransaction(db, async (trx) => {
        const locked = await tagsOfItems(trx, ids);
        await lockTagNames(trx, { shared: [...locked] });
        const rows = await lockLive(trx, [into, ...ids], by);
        const others = rows.filter(({ id }) => id !== into);
        for (const { owner_id } of others) requireOwner(owner_id, by);
        for (const name of await tagsOfItems(trx, ids))
          if (!locked.has(name)) throw new ConflictError('An item got a tag meanwhile.');
        const kept = rows.find(({ id }) => id === into);
        if (!kept) throw new Error('A locked item is not there.');
        await mergeRows(trx, kept, others);
      });
      await syncAtOnce(deps, ids);
      const item = requireVisible(await findMedia(db, into), by);
      return { item: toItem(item, storage, by.id), ids };
    },

    mergedInto: (id) =>
      repository.findMergedInto(db, id).catch((err: unknown) => {
        // The page itself tells that the database is away.
        logger.warn({ err }, 'merges cannot be read');
        return null;
      }),

    async wish({ into, ids, wished }, by) {
      refuseItself(into, ids);
      const changed = await inTransaction(db, async (trx) => {
        if (!wished) return repository.deleteWishes(trx, ids, by.role === 'admin' ? null : by.id);
        await lockLive(trx, [into, ...ids], by);
        return repository.insertWishes(trx, ids, into, by.id);
      });
      return { ids: changed };
    },
  };

  /** Gives everything of the others to the item that stays, and moves them into the trash. */
  async function mergeRows(trx: Trx, kept: Row, others: readonly Row[]): Promise<void> {
    const ids = others.map(({ id }) => id);
    const tags = await tagsOfItems(trx, [kept.id]);
    const texts = { title: kept.title, description: kept.description };
    const undos = new Map<string, repository.MergeUndo>();
    for (const other of others) {
      const added = mergeTexts(texts, other);
      const names = [...(await tagsOfItems(trx, [other.id]))].filter((name) => !tags.has(name));
      for (const name of names) tags.add(name);
      const nothing = { favourites: [], collections: [], shares: [], counts: { shares: 0, opens: 0 } };
      undos.set(other.id, { ...added, ...nothing, tags: names });
    }
    await changeTags(trx, [kept.id], { add: [...undos.values()].flatMap((undo) => undo.tags) });
    if (texts.title !== kept.title || texts.description !== kept.description)
      await updateMedia(trx, kept.id, texts);
    await repository.lockCollectionsOf(trx, ids);
    for (const [id, undo] of undos) {
      undo.collections = await repository.copyCollected(trx, id, kept.id);
      undo.favourites = await repository.copyFavourites(trx, id, kept.id);
    }
    for (const id of ids) await setDeleted(trx, id, true);
    await repository.lockSharesOf(trx, ids);
    await syncLater(deps, trx, ids);
    await repository.lockCounts(trx, [kept.id, ...ids]);
    for (const other of others) {
      const undo = undos.get(other.id);
      if (!undo) throw new Error('A merged item has no record.');
      undo.shares = await repository.moveShares(trx, other.id, kept.id);
      undo.counts = await repository.moveCounts(trx, other.id, kept.id);
      await repository.insertMerge(trx, { id: other.id, into: kept.id, undo, ...formerKeys(other) });
    }
    await repository.deleteWishes(trx, ids, null);
  }

  /** Returns the addresses that can lead elsewhere: those that the app serves itself. */
  function formerKeys(row: Row): repository.FormerKeys {
    const columns = storage.addresses === null ? [] : KEY_COLUMNS.filter((column) => row[column] !== null);
    return { keys: columns.map((column) => row[column] ?? ''), roles: columns.map(roleOf) };
  }
}

function refuseItself(into: string, ids: readonly string[]): void {
  if (ids.includes(into))
    throw new AppError('merge_into_itself', 'An item cannot be merged into itself.', {
      details: { id: into },
    });
}

/** Locks items outside the trash. Errors: `already_merged`, `not_found`. */
async function lockLive(trx: Trx, ids: readonly string[], by: SessionUser): Promise<Row[]> {
  const rows = await repository.lockMerged(trx, ids);
  for (const id of ids) {
    const row = rows.find((one) => one.id === id);
    if (row?.deleted_at === null) continue;
    const now = await repository.findMergedInto(trx, id);
    if (now !== null)
      throw new AppError('already_merged', 'This item was merged into another one meanwhile.', {
        details: { id: now },
      });
    requireVisible(row ?? null, by);
    throw new AppError('not_found', 'There is no such item outside the trash.');
  }
  return rows;
}

/**
 * Adds the title and the description of another item to `texts`. A title that is not the first goes
 * into the description. Leaves out texts that are there, and those without room.
 */
function mergeTexts(
  texts: { title: string; description: string },
  other: { title: string; description: string },
): { title: string | null; description: string } {
  const title = texts.title === '' && other.title !== '' ? other.title : null;
  texts.title = title ?? texts.title;
  const added: string[] = [];
  for (const text of [other.title, other.description]) {
    const here = [texts.title, ...texts.description.split('\n')].includes(text);
    const longer = texts.description === '' ? text : `${texts.description}\n${text}`;
    if (text === '' || here || texts.description.includes(text) || longer.length > MAX_DESCRIPTION_UNITS)
      continue;
    texts.description = longer;
    added.push(text);
  }
  return { title, description: added.join('\n') };
}

/**
 * Locks items of the trash, and those that they were merged into. Call it before the items' own
 * locks when a transaction restores them.
 */
export async function lockForUndo(trx: Trx, ids: readonly string[]): Promise<void> {
  const merges = await repository.findMerges(trx, ids);
  if (merges.length > 0) await repository.lockMerged(trx, [...ids, ...merges.map((one) => one.into_id)]);
}

/**
 * Undoes the merges of items that this transaction restores, as far as nobody changed the rest.
 * Call it before {@link syncLater}, which changes shares.
 */
export async function undoMerges(trx: Trx, ids: readonly string[]): Promise<void> {
  const merges = await repository.findMerges(trx, ids);
  if (merges.length === 0) return;
  await repository.deleteMerges(trx, ids);
  for (const { into_id, undo } of merges) {
    // Read anew: the merge before may have changed it.
    const [kept] = await repository.lockMerged(trx, [into_id]);
    if (!kept) continue;
    const texts = {
      ...(undo.title !== null && undo.title === kept.title && { title: '' }),
      ...(undo.description !== '' && { description: withoutLines(kept.description, undo.description) }),
    };
    await changeTags(trx, [into_id], { remove: undo.tags });
    if (Object.keys(texts).length > 0) await updateMedia(trx, into_id, texts);
    await repository.removeFavourites(trx, into_id, undo.favourites);
  }
  const into = merges.map((one) => one.into_id);
  await repository.lockCollectionsOf(trx, into);
  for (const { into_id, undo } of merges) await repository.removeCollected(trx, into_id, undo.collections);
  await renumberCollected(trx, ids);
  await repository.lockSharesOf(trx, [...into, ...ids]);
  await repository.lockCounts(trx, [...into, ...ids]);
  for (const { media_id, into_id, undo } of merges) {
    const opened = await repository.returnShares(trx, into_id, media_id, undo.shares);
    const { shares, opens } = undo.counts;
    await repository.giveCounts(trx, into_id, media_id, { shares, opens: opens + opened });
  }
}

/** Returns a text without these lines, if they are still there. */
const withoutLines = (text: string, lines: string): string =>
  `\n${text}\n`.replace(`\n${lines}\n`, '\n').replace(/^\n|\n$/g, '');
