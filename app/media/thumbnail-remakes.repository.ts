import type { Trx } from '../db/client.ts';
import type { BackfillProgress } from './backfill-progress.repository.ts';
import type { ThumbnailColumns } from './formats/thumbnail.ts';

/** Lists items with a thumbnail of an older recipe, newest first, before `before`. */
export async function listOldThumbnails(
  trx: Trx,
  recipe: number,
  { before }: Pick<BackfillProgress, 'before'>,
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
export async function setThumbnail(trx: Trx, id: string, values: ThumbnailColumns): Promise<void> {
  await trx.updateTable('media').set(values).where('id', '=', id).execute();
}
