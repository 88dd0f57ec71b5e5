import type { Trx } from '../db/client.ts';

/** The tables that keep the progress of a backfill, a row for each recipe. */
export type BackfillTable = 'thumbnail_remakes' | 'content_backfill';

/** Progress of a backfill: the items from `before` on are done, `passes` times. */
export interface BackfillProgress {
  before: string;
  passes: number;
}

/**
 * Locks the progress for a recipe, and begins it. Forgets that of older recipes.
 *
 * @returns `null` when another process holds the lock
 */
export async function lockProgress(
  trx: Trx,
  table: BackfillTable,
  recipe: number,
): Promise<BackfillProgress | null> {
  await trx.deleteFrom(table).where('recipe', '<', recipe).execute();
  await trx
    .insertInto(table)
    .values({ recipe })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await trx
    .selectFrom(table)
    .select(['before', 'passes'])
    .where('recipe', '=', recipe)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row ?? null;
}

export async function moveProgress(
  trx: Trx,
  table: BackfillTable,
  recipe: number,
  progress: BackfillProgress,
): Promise<void> {
  await trx.updateTable(table).set(progress).where('recipe', '=', recipe).execute();
}
