import type { Trx } from '../db/client.ts';

/** Progress of making old thumbnails again: the items from `before` on are done, `passes` times. */
export interface RemakeProgress {
  before: string;
  passes: number;
}

/**
 * Locks the progress for a recipe, and begins it. Forgets that of older recipes.
 *
 * @returns `null` when another process holds the lock
 */
export async function lockProgress(trx: Trx, recipe: number): Promise<RemakeProgress | null> {
  await trx.deleteFrom('thumbnail_remakes').where('recipe', '<', recipe).execute();
  await trx
    .insertInto('thumbnail_remakes')
    .values({ recipe })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await trx
    .selectFrom('thumbnail_remakes')
    .select(['before', 'passes'])
    .where('recipe', '=', recipe)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row ?? null;
}

export async function moveProgress(trx: Trx, recipe: number, progress: RemakeProgress): Promise<void> {
  await trx.updateTable('thumbnail_remakes').set(progress).where('recipe', '=', recipe).execute();
}

/** Lists items with a thumbnail of an older recipe, newest first, before `before`. */
export async function listOldThumbnails(
  trx: Trx,
  recipe: number,
  { before }: Pick<RemakeProgress, 'before'>,
  limit: number,
): Promise<string[]> {
  const rows = await trx
    .selectFrom('media')
    .select('id')
    .where('id', '<', before)
    .where('thumb_recipe', '<', recipe)
    .where('thumb_key', 'is not', null)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Names the new thumbnail of an item. The caller holds the item's row. */
export async function setThumbnail(
  trx: Trx,
  id: string,
  values: { thumb_key: string; thumb_hash: string; thumb_recipe: number },
): Promise<void> {
  await trx.updateTable('media').set(values).where('id', '=', id).execute();
}
