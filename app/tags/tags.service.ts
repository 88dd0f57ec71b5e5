import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import { findMedia } from '../media/media.repository.ts';
import { requireVisible, visibleTrash, type Viewer } from '../media/visibility.ts';
import { normalizeTag } from './tag-name.ts';
import * as repository from './tags.repository.ts';
import type { TagChanges, TagsQuery, TagWithUses } from './tags.schema.ts';

/** Manages tags. An item in another user's trash does not exist here (app/media/visibility.ts). */
export interface TagsService {
  /**
   * Finds tags by the beginning of the name, then by similarity. Without `q`, finds the most used
   * ones. Tags of no item are found only if asked for.
   */
  find(search: TagsQuery): Promise<TagWithUses[]>;
  /** Gives an item exactly these tags. Errors: `not_found`. */
  set(mediaId: string, names: readonly string[], by: Viewer): Promise<void>;
  /**
   * Adds and removes tags on many items at once. Adding wins over removing. Returns the number of
   * existing items.
   */
  change(changes: TagChanges, by: Viewer): Promise<number>;
  /** Suggests tags for the item. Errors: `not_found`. */
  related(mediaId: string, by: Viewer): Promise<TagWithUses[]>;
  /** Renames a tag. Errors: `not_found`, `tag_taken` (merge instead). */
  rename(from: string, to: string): Promise<TagWithUses>;
  /** Merges a tag into another. Merging into itself changes nothing. Errors: `not_found`. */
  merge(from: string, into: string): Promise<TagWithUses>;
  /** Deletes a tag. Errors: `not_found`. */
  remove(name: string): Promise<void>;
}

const MAX_RELATED_TAGS = 8;

export function createTags(db: Database): TagsService {
  async function require(handle: Parameters<typeof repository.findTag>[0], name: string) {
    const tag = await repository.findTag(handle, name);
    if (!tag) throw new AppError('not_found', 'There is no such tag.');
    return tag;
  }

  /** Locks a tag's name, the other names, and then the items that have the tag. */
  async function hold(trx: Trx, name: string, others: { shared?: string[]; exclusive?: string[] } = {}) {
    await repository.allowLongChange(trx);
    await repository.lockTagNames(trx, { ...others, exclusive: [name, ...(others.exclusive ?? [])] });
    const tag = await require(trx, name);
    await repository.lockItemsOf(trx, tag.id);
    return tag;
  }

  async function withUses(name: string): Promise<TagWithUses> {
    return { name, uses: (await repository.usesOfTag(db, name)) ?? 0 };
  }

  return {
    find: ({ q, limit, unused }) => repository.findTags(db, { start: normalizeTag(q), limit, unused }),

    async set(mediaId, names, by) {
      await inTransaction(db, async (trx) => {
        await repository.lockTagNames(trx, { shared: names });
        const here = await repository.lockItems(trx, [mediaId], visibleTrash(by));
        if (here.length === 0) throw new AppError('not_found', 'There is no such item.');
        const before = await repository.tagsOfItem(trx, mediaId);
        await repository.changeTags(trx, here, {
          add: names.filter((name) => !before.has(name)),
          remove: [...before].filter((name) => !names.includes(name)),
        });
      });
    },

    change: ({ ids, add, remove }, by) =>
      inTransaction(db, async (trx) => {
        await repository.lockTagNames(trx, { shared: add });
        const here = await repository.lockItems(trx, ids, visibleTrash(by));
        const gone = remove.filter((name) => !add.includes(name));
        await repository.changeTags(trx, here, { add, remove: gone });
        return here.length;
      }),

    async related(mediaId, by) {
      requireVisible(await findMedia(db, mediaId), by);
      return repository.relatedTags(db, mediaId, MAX_RELATED_TAGS);
    },

    async rename(from, to) {
      await inTransaction(db, async (trx) => {
        const tag = await hold(trx, from, { exclusive: [to] });
        if (await repository.renameTag(trx, tag.id, to)) return;
        throw new AppError('tag_taken', 'A tag with this name already exists. Merge the two instead.');
      });
      return withUses(to);
    },

    async merge(from, into) {
      await inTransaction(db, async (trx) => {
        const source = await hold(trx, from, { shared: [into] });
        const target = await require(trx, into);
        if (source.id !== target.id) await repository.mergeTags(trx, source.id, target.id);
      });
      return withUses(into);
    },

    async remove(name) {
      await inTransaction(db, async (trx) => {
        const tag = await hold(trx, name);
        await repository.deleteTag(trx, tag.id);
      });
    },
  };
}
