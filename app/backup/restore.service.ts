import type { Readable } from 'node:stream';
import type { Database } from '../db/client.ts';
import { rebuildSchema } from '../db/migrate.ts';
import { NewerSchemaError } from '../db/migration-history.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { reprocess } from '../media/reprocess.service.ts';
import {
  closeTables,
  failPendingStages,
  hasRows,
  holdSweep,
  insertRows,
  openTables,
  SAVED_TABLES,
  tablesOf,
} from './backup.repository.ts';
import { BackupError } from './backup.error.ts';
import { readBackup } from './backup-reader.ts';

export interface RestoreReport {
  madeAt: string;
  revision: string;
  rows: Record<string, number>;
  /** Items whose unfinished processing was queued again. */
  resumed: number;
}

export interface RestoreOptions {
  db: Database;
  source: Readable;
  /** The secret half of the age identity. */
  identity: string;
  /** Connects to the queue of the restored database. */
  jobs: () => Promise<JobQueue>;
  readsText: boolean;
  progress?: (rows: number) => void;
}

/**
 * Fills an empty database from a backup, of this release or an earlier one. All of it is one
 * transaction: a failure leaves the database as it was. The rows are read in the shape of their
 * release. Later migrations then bring them up to date.
 *
 * Errors: {@link BackupError}; also for a database with users or items.
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { db, progress } = options;
  const parts = readBackup(options.source, options.identity)[Symbol.asyncIterator]();
  try {
    // A wrong identity is told before the database is touched.
    const first = await parts.next();
    if (first.done === true || first.value.kind !== 'header') throw new BackupError('The backup is empty.');
    const { header } = first.value;
    const rows: Record<string, number> = {};
    await rebuildSchema(db, header.migrations, {
      async before(trx) {
        for (const table of ['users', 'media'])
          if (await hasRows(trx, table))
            throw new BackupError(
              `The database is not empty (${table}): a restore would overwrite it. Give the app an empty one.`,
            );
      },
      async fill(trx) {
        let total = 0;
        const tables = await tablesOf(trx, SAVED_TABLES);
        await openTables(trx, tables);
        for (let next = await parts.next(); next.done !== true; next = await parts.next()) {
          if (next.value.kind !== 'rows') continue;
          const { table, lines } = next.value;
          if (!tables.includes(table))
            throw new BackupError(`The backup has a table that no release makes (${table}).`);
          await insertRows(trx, table, lines);
          rows[table] = (rows[table] ?? 0) + lines.length;
          total += lines.length;
          progress?.(total);
        }
        await closeTables(trx, tables);
      },
      async after(trx) {
        await failPendingStages(trx);
        await holdSweep(trx, header.madeAt);
      },
    }).catch((cause: unknown) => {
      if (!(cause instanceof NewerSchemaError)) throw cause;
      throw new BackupError('A later release made this backup: restore it with that release.', { cause });
    });
    const resumed = await reprocess(
      { db, jobs: await options.jobs(), readsText: options.readsText },
      'failed',
    );
    return { madeAt: header.madeAt, revision: header.revision, rows, resumed };
  } finally {
    await parts.return?.();
    options.source.destroy();
  }
}
