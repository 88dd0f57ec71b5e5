import { sql } from 'kysely';
import type { Database } from '../db/client.ts';
import { currentSnapshot } from '../db/snapshot-cache.ts';

/** Returns the snapshot that sees every change committed until now. */
export async function readSnapshot(db: Database): Promise<string> {
  const { snapshot } = await db.selectNoFrom(currentSnapshot.as('snapshot')).executeTakeFirstOrThrow();
  return snapshot;
}

export interface Changes {
  /** Sees the changes of this answer, and none that follow. */
  snapshot: string;
  /** Ids of the changed items. */
  ids: string[];
  /** Whether more items changed than the log lists. */
  many: boolean;
}

/** Reads the changes that `snapshot` does not see. */
export async function readChanges(db: Database, snapshot: string): Promise<Changes> {
  const rows = await db
    .with('seen', (cte) =>
      cte
        .selectFrom('media_changes')
        .select('media_id')
        .distinct()
        .where('xact', '>=', sql<string>`pg_snapshot_xmin(${snapshot}::pg_snapshot)`)
        .where(sql<boolean>`not pg_visible_in_snapshot(xact, ${snapshot}::pg_snapshot)`),
    )
    .selectNoFrom((eb) => [
      currentSnapshot.as('snapshot'),
      eb
        .selectFrom('seen')
        .select(sql<string[] | null>`array_agg(media_id::text) filter (where media_id is not null)`.as('ids'))
        .as('ids'),
      eb.exists(eb.selectFrom('seen').select('media_id').where('media_id', 'is', null)).as('many'),
    ])
    .executeTakeFirstOrThrow();
  return { snapshot: rows.snapshot, ids: rows.ids ?? [], many: Boolean(rows.many) };
}

/** Deletes changes older than `seconds`. */
export async function deleteOldChanges(db: Database, seconds: number): Promise<void> {
  await db
    .deleteFrom('media_changes')
    .where('changed_at', '<', sql<Date>`now() - make_interval(secs => ${seconds})`)
    .execute();
}
