import type { Database } from '../db/client.ts';
import { AppError } from '../http/errors.ts';
import { normalizeTag } from './tag-name.ts';
import * as repository from './tags.repository.ts';
import type { TagChanges, TagWithUses } from './tags.schema.ts';

export interface TagsService {
  /** By the beginning of the name, then by similarity; all when there is no `q`. */
  find(q: string, limit: number): Promise<TagWithUses[]>;
  /** Gives an item exactly these tags. Errors: not_found. */
  set(mediaId: string, names: readonly string[]): Promise<void>;
  /** Adds and removes on many items at once; what was added is not removed. Answers how many of them are there. */
  change(changes: TagChanges): Promise<number>;
  /** Tags the item may lack. Errors: not_found. */
  related(mediaId: string): Promise<TagWithUses[]>;
  /** Errors: not_found, tag_taken (merge instead). */
  rename(from: string, to: string): Promise<TagWithUses>;
  /** Errors: not_found. Merging a tag into itself changes nothing. */
  merge(from: string, into: string): Promise<TagWithUses>;
  /** Errors: not_found. */
  remove(name: string): Promise<void>;
}

const RELATED = 8;

export function createTags(db: Database): TagsService {
  async function require(handle: Parameters<typeof repository.findTag>[0], name: string) {
    const tag = await repository.findTag(handle, name);
    if (!tag) throw new AppError('not_found', 'There is no such tag.');
    return tag;
  }

  async function withUses(name: string): Promise<TagWithUses> {
    return (await repository.findTags(db, name, 1))[0] ?? { name, uses: 0 };
  }

  return {
    find: (q, limit) =>
      q.trim() === '' ? repository.listTags(db, limit) : repository.findTags(db, normalizeTag(q), limit),

    async set(mediaId, names) {
      await db.transaction().execute(async (trx) => {
        const here = await repository.lockItems(trx, [mediaId]);
        if (here.length === 0) throw new AppError('not_found', 'There is no such item here.');
        await repository.keepTags(trx, mediaId, names);
        await repository.addTags(trx, here, await repository.ensureTags(trx, names));
      });
    },

    change: ({ ids, add, remove }) =>
      db.transaction().execute(async (trx) => {
        const here = await repository.lockItems(trx, ids);
        const gone = remove.filter((name) => !add.includes(name));
        await repository.removeTags(trx, here, gone);
        await repository.addTags(trx, here, await repository.ensureTags(trx, add));
        return here.length;
      }),

    async related(mediaId) {
      return repository.relatedTags(db, mediaId, RELATED);
    },

    async rename(from, to) {
      await db.transaction().execute(async (trx) => {
        const tag = await require(trx, from);
        await repository.allowLongChange(trx);
        if (await repository.renameTag(trx, tag.id, to)) return;
        throw new AppError('tag_taken', 'There is a tag of that name already. Merge the two instead.');
      });
      return withUses(to);
    },

    async merge(from, into) {
      await db.transaction().execute(async (trx) => {
        const [source, target] = [await require(trx, from), await require(trx, into)];
        if (source.id === target.id) return;
        await repository.allowLongChange(trx);
        await repository.mergeTags(trx, source.id, target.id);
      });
      return withUses(into);
    },

    async remove(name) {
      await db.transaction().execute(async (trx) => {
        const tag = await require(trx, name);
        await repository.allowLongChange(trx);
        await repository.deleteTag(trx, tag.id);
      });
    },
  };
}
