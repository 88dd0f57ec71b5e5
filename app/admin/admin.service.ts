import type { NightlyBackups } from '../backup/nightly.service.ts';
import type { Database } from '../db/client.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { reprocess, type ReprocessScope } from '../media/reprocess.service.ts';
import { failureCodeOf } from '../media/stages/failures.schema.ts';
import type { Storage } from '../storage/storage.ts';
import { findFailed, findUsage } from './admin.repository.ts';
import {
  usageRow,
  type BackupFigure,
  type JobsState,
  type RetryRequest,
  type Settings,
  type UsageRow,
} from './admin.schema.ts';
import { readFigures, type Figure } from './figures.repository.ts';
import { readSettings, updateSettings } from './settings.repository.ts';

const MAX_FAILED_ITEMS = 100;

export interface Admin {
  settings(): Promise<Settings>;
  updateSettings(patch: Partial<Settings>): Promise<Settings>;
  /** Returns the figures, the space of the originals by user and kind, and the newest backup. */
  usage(): Promise<{ rows: UsageRow[]; figures: Figure[]; backup: BackupFigure }>;
  jobs(): Promise<JobsState>;
  /**
   * Restarts processing of a failed item, of all failed items, or of everything outside the trash.
   * Returns the number of items.
   */
  retry(request: RetryRequest): Promise<number>;
}

export interface AdminServiceDeps {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
  backups: Pick<NightlyBackups, 'state'>;
  readsText: boolean;
}

export function createAdmin({ db, storage, jobs, backups, readsText }: AdminServiceDeps): Admin {
  return {
    settings: async () => toSettings(await readSettings(db)),

    updateSettings: async ({ membersMayInvite }) =>
      toSettings(
        await updateSettings(
          db,
          membersMayInvite === undefined ? {} : { members_may_invite: membersMayInvite },
        ),
      ),

    async usage() {
      const rows = (await findUsage(db)).map((row) => usageRow.parse({ ...row, bytes: Number(row.bytes) }));
      const { lastAt, problem } = await backups.state();
      const backup = { lastAt: lastAt?.toISOString() ?? null, problem };
      return { rows, figures: await readFigures(db), backup };
    },

    async jobs() {
      const failed = await findFailed(db, MAX_FAILED_ITEMS);
      return {
        queues: await jobs.state(),
        failed: failed.map((row) => ({
          id: row.id,
          title: row.title,
          originalName: row.original_name,
          thumbUrl: row.thumb_key && storage.publicUrl(row.thumb_key),
          owner: row.username,
          failure: failureCodeOf(row.failure) ?? 'unknown',
          updatedAt: row.updated_at.toISOString(),
        })),
      };
    },

    retry: (request) => reprocess({ db, jobs, readsText }, scopeOf(request)),
  };
}

function scopeOf(request: RetryRequest): ReprocessScope {
  if ('everything' in request) return 'all';
  return request.id === undefined ? 'failed' : { failed: request.id };
}

const toSettings = (row: { members_may_invite: boolean }): Settings => ({
  membersMayInvite: row.members_may_invite,
});
