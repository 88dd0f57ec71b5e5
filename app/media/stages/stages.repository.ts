import { sql, type Selectable, type Updateable } from 'kysely';
import type { Database, Trx } from '../../db/client.ts';
import type { Media } from '../../db/schema.gen.ts';
import { stageName, type StageName } from '../media.schema.ts';
import type { FailureCode } from './failures.schema.ts';

/** One run of a stage. */
export interface StageRun {
  mediaId: string;
  stage: StageName;
  token: string;
}

/** A stage and its new state: `done` by the request itself, `skipped` until it becomes possible. */
export interface StageEntry {
  stage: StageName;
  state: 'pending' | 'done' | 'skipped';
}

/**
 * Inserts stages, each with a new run, which makes any earlier run stale. Returns the pending runs.
 */
export async function insertStages(
  trx: Trx,
  mediaId: string,
  entries: readonly StageEntry[],
): Promise<StageRun[]> {
  if (entries.length === 0) return [];
  const rows = await trx
    .insertInto('media_stages')
    .values(entries.map(({ stage, state }) => ({ media_id: mediaId, stage, state })))
    .onConflict((conflict) =>
      conflict.columns(['media_id', 'stage']).doUpdateSet({
        state: (eb) => eb.ref('excluded.state'),
        token: sql`gen_random_uuid()`,
        failure: null,
        updated_at: sql`now()`,
      }),
    )
    .returning(['stage', 'token'])
    .execute();
  const tokens = new Map(rows.map(({ stage, token }) => [stage, token]));
  return entries.flatMap(({ stage, state }) => {
    const token = tokens.get(stage);
    return state === 'pending' && token !== undefined ? [{ mediaId, stage, token }] : [];
  });
}

/** Removes stages that an item no longer has after a replacement of its file. */
export async function dropStages(trx: Trx, mediaId: string, except: readonly StageName[]): Promise<void> {
  await trx
    .deleteFrom('media_stages')
    .where('media_id', '=', mediaId)
    .where('stage', 'not in', except)
    .execute();
}

/** Tells whether this run is still the current one. */
export async function isCurrent(db: Database | Trx, run: StageRun): Promise<boolean> {
  const row = await currentRow(db, run).executeTakeFirst();
  return row !== undefined;
}

const currentRow = (db: Database | Trx, { mediaId, stage, token }: StageRun) =>
  db
    .selectFrom('media_stages')
    .select('token')
    .where('media_id', '=', mediaId)
    .where('stage', '=', stage)
    .where('token', '=', token)
    .where('state', '=', 'pending');

/**
 * Locks the item's row until the end of the transaction, so that changes of its stages follow each
 * other.
 */
export async function lockMedia(trx: Trx, mediaId: string) {
  return (
    (await trx
      .selectFrom('media')
      .selectAll()
      .where('id', '=', mediaId)
      .forNoKeyUpdate()
      .executeTakeFirst()) ?? null
  );
}

/** Ends a run. Returns `false` if it is stale. The caller holds the item's row. */
export async function closeStage(
  trx: Trx,
  run: StageRun,
  state: 'done' | 'failed' | 'skipped',
  failure: FailureCode | null,
): Promise<boolean> {
  const result = await trx
    .updateTable('media_stages')
    .set({ state, failure, updated_at: sql`now()` })
    .where('media_id', '=', run.mediaId)
    .where('stage', '=', run.stage)
    .where('token', '=', run.token)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Stores the failure of a try, in case that no later try succeeds. */
export async function recordFailure(db: Database, run: StageRun, failure: FailureCode): Promise<void> {
  await db
    .updateTable('media_stages')
    .set({ failure, updated_at: sql`now()` })
    .where('media_id', '=', run.mediaId)
    .where('stage', '=', run.stage)
    .where('token', '=', run.token)
    .where('state', '=', 'pending')
    .execute();
}

/** Finds the run of a token, with the failure of its last try. */
export async function findRun(
  trx: Trx,
  mediaId: string,
  token: string,
): Promise<{ stage: string; failure: string | null } | null> {
  const row = await trx
    .selectFrom('media_stages')
    .select(['stage', 'failure'])
    .where('media_id', '=', mediaId)
    .where('token', '=', token)
    .executeTakeFirst();
  return row ?? null;
}

/** Lists stages in these states, oldest item first. */
export async function stagesIn(
  db: Database | Trx,
  states: readonly ('failed' | 'skipped')[],
  filter: { stage?: StageName; mediaId?: string; limit: number },
): Promise<{ media_id: string; stage: string }[]> {
  return db
    .selectFrom('media_stages')
    .select(['media_id', 'stage'])
    .where('state', 'in', states)
    .$if(filter.stage !== undefined, (query) => query.where('stage', '=', filter.stage ?? ''))
    .$if(filter.mediaId !== undefined, (query) => query.where('media_id', '=', filter.mediaId ?? ''))
    .orderBy('media_id')
    .limit(filter.limit)
    .execute();
}

/**
 * Writes results into the item and sums up its stages: `failed` if one failed, `processing` while
 * one is pending.
 *
 * @returns what the row now says of its thumbnail and words; `null` if it is gone
 */
export async function updateMediaState(
  trx: Trx,
  mediaId: string,
  values: Updateable<Media> = {},
): Promise<Pick<Selectable<Media>, 'thumb_key' | 'words_top' | 'thumb_words_top'> | null> {
  const some = (state: string) => sql`exists (
    select from media_stages where media_id = ${mediaId} and state = ${state})`;
  const row = await trx
    .updateTable('media')
    .set({
      ...values,
      state: sql`case when ${some('failed')} then 'failed' when ${some('pending')} then 'processing' else 'ready' end`,
      failure: sql`(select failure from media_stages
        where media_id = ${mediaId} and state = 'failed' order by stage limit 1)`,
      updated_at: sql`now()`,
    })
    .where('id', '=', mediaId)
    .returning(['thumb_key', 'words_top', 'thumb_words_top'])
    .executeTakeFirst();
  return row ?? null;
}

/** Lists the stages of an item. */
export async function stageNames(db: Database | Trx, mediaId: string): Promise<StageName[]> {
  const rows = await db.selectFrom('media_stages').select('stage').where('media_id', '=', mediaId).execute();
  return rows.map(({ stage }) => stageName.parse(stage));
}

/** Finds the whole row of an item for a stage that processes its file. */
export const findStageSource = (db: Database | Trx, mediaId: string) =>
  db.selectFrom('media').selectAll().where('id', '=', mediaId).executeTakeFirst();
