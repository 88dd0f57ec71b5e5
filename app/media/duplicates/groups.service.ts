import type { Database } from '../../db/client.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { SessionUser } from '../../http/env.ts';
import type { Storage } from '../../storage/storage.ts';
import { findRelated } from '../alike/alike.service.ts';
import { findMediaByIds } from '../media.repository.ts';
import { toListItem } from '../media.view.ts';
import { MAX_GROUP_ITEMS, MAX_GROUP_SHOWN } from './duplicates.limits.ts';
import {
  listAfter,
  listGroups,
  listMembers,
  listTwins,
  lockPass,
  movePass,
  putIntoGroup,
} from './duplicates.repository.ts';
import type { DuplicateList, DuplicatesQuery } from './duplicates.schema.ts';
import { findWishes } from './merges.repository.ts';

/** Items that one run of the job compares, each in some milliseconds. */
const PASS_ITEMS = 300;

/**
 * Compares the next items of the library with the others and groups those that are the same meme.
 * It begins anew once a day, for texts and files that changed. Returns the number of items.
 */
export async function findDuplicates(db: Database, signal?: AbortSignal): Promise<number> {
  const start = await inTransaction(db, (trx) => lockPass(trx));
  if (start === null) return 0;
  const items = await listAfter(db, start.after, PASS_ITEMS);
  if (items.length === 0) {
    if (start.is_old) await inTransaction(db, (trx) => movePass(trx, null));
    return 0;
  }
  let done = 0;
  for (const { id, text, is_early } of items) {
    // The words are read within minutes. The next run goes on from here.
    if (is_early || signal?.aborted === true) break;
    const { related } = await findRelated(db, id, text);
    const memes = related.filter(({ relation }) => relation === 'meme').map((one) => one.id);
    const same = [...new Set([...memes, ...(await listTwins(db, id))])];
    await inTransaction(db, async (trx) => {
      await putIntoGroup(trx, id, same);
      await movePass(trx, id);
    });
    done += 1;
  }
  return done;
}

/** Lists groups of items that are the same meme, newest first. */
export async function listDuplicates(
  db: Database,
  storage: Storage,
  { before, limit }: DuplicatesQuery,
  by: SessionUser,
): Promise<DuplicateList> {
  const ids = await listGroups(db, before, limit);
  const groups = [];
  for (const id of ids) {
    const members = await listMembers(db, id);
    const shown = members.slice(0, MAX_GROUP_SHOWN);
    const rows = new Map((await findMediaByIds(db, shown)).map((row) => [row.id, row]));
    const wishes = await findWishes(db, shown);
    groups.push({
      id,
      items: shown.flatMap((member) => {
        const row = rows.get(member);
        const username = wishes.get(member);
        if (!row) return [];
        return [
          { item: toListItem(row, storage, by.id), wish: username === undefined ? null : { username } },
        ];
      }),
      total: { value: members.length, exact: members.length < MAX_GROUP_ITEMS },
    });
  }
  return { groups, next: ids.length === limit ? (ids.at(-1) ?? null) : null };
}
