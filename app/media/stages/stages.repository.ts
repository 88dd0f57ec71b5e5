import { sql, type Updateable } from 'kysely';
import type { Database, Trx } from '../../db/client.ts';
import type { Media } from '../../db/schema.gen.ts';
import type { StageName } from '../media.schema.ts';

/** One run of a stage. */
export interface StageRun {
  mediaId: string;
  stage: StageName;
  token: string;
}

/** A stage and what becomes of it now: `done` in the request itself, `skipped` until it can be done. */
export interface StageEntry {
  stage: StageName;
  state: 'pending' | 'done' | 'skipped';
}

/** Sets stages down, each for a new run, which makes any earlier one stale. Answers the runs that are to be done. */
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

/** Removes stages that an item no longer has, after its file was replaced. */
export async function dropStages(trx: Trx, mediaId: string, except: readonly StageName[]): Promise<void> {
  await trx
    .deleteFrom('media_stages')
    .where('media_id', '=', mediaId)
    .where('stage', 'not in', except)
    .execute();
}

/** Whether this run is still the one to do. */
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

/** The item's row, held until the end of the transaction: whoever changes stages does so one after the other. */
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

/** Ends a run, `false` when it is stale. The caller holds the item's row. */
export async function closeStage(
  trx: Trx,
  run: StageRun,
  state: 'done' | 'failed' | 'skipped',
  failure: string | null,
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

/** Keeps why a try failed, for the case that no later one does better. */
export async function recordFailure(db: Database, run: StageRun, failure: string): Promise<void> {
  await db
    .updateTable('media_stages')
    .set({ failure, updated_at: sql`now()` })
    .where('media_id', '=', run.mediaId)
    .where('stage', '=', run.stage)
    .where('token', '=', run.token)
    .where('state', '=', 'pending')
    .execute();
}

/** The run a token names, with what its last try said. */
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

/** Stages of these states, oldest item first. */
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

/** Writes results into the item and sums its stages up: failed if one failed, processing while one is to come. */
export async function settleMedia(trx: Trx, mediaId: string, values: Updateable<Media> = {}): Promise<void> {
  const some = (state: string) => sql`exists (
    select from media_stages where media_id = ${mediaId} and state = ${state})`;
  await trx
    .updateTable('media')
    .set({
      ...values,
      state: sql`case when ${some('failed')} then 'failed' when ${some('pending')} then 'processing' else 'ready' end`,
      failure: sql`(select failure from media_stages
        where media_id = ${mediaId} and state = 'failed' order by stage limit 1)`,
      updated_at: sql`now()`,
    })
    .where('id', '=', mediaId)
    .execute();
}
