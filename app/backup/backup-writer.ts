import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { holdSnapshot, rowLines, SAVED_TABLES, snapshotFacts, tablesOf } from './backup.repository.ts';
import { headerOf, type BackupEnd, type BackupLine } from './backup.schema.ts';
import { encrypted } from './encryption.ts';

export interface BackupReport extends BackupEnd {
  madeAt: Date;
}

/**
 * Writes the rows of one moment: compressed, then encrypted to `recipient`. The app may work
 * meanwhile. Memory: some rows. Throws when the database or `out` fails; the bytes are then
 * useless.
 */
export async function writeBackup(options: {
  db: Database;
  revision: string;
  /** The public half of an age identity. */
  recipient: string;
  out: Writable;
  signal?: AbortSignal;
}): Promise<BackupReport> {
  const { db, recipient, revision, out, signal } = options;
  const lines = new PassThrough();
  const stopped = signal ? { signal } : {};
  const written = pipeline(lines, createGzip(), encrypted(recipient), out, stopped);
  // A wait for the output ends when the output fails.
  const broken = written.then(() => new Promise<never>(() => {}));
  broken.catch(() => {});
  const write = async (text: string) => {
    if (!lines.write(`${text}\n`)) await Promise.race([once(lines, 'drain'), broken]);
  };
  const control = (line: BackupLine) => write(JSON.stringify(line));
  try {
    const report = await inTransaction(db, async (trx) => {
      await holdSnapshot(trx);
      const { madeAt, migrations } = await snapshotFacts(trx);
      const rows: Record<string, number> = {};
      await control(['header', headerOf({ madeAt: madeAt.toISOString(), revision, migrations })]);
      for (const table of await tablesOf(trx, SAVED_TABLES)) {
        await control(['table', table]);
        rows[table] = 0;
        for await (const batch of rowLines(trx, table)) {
          signal?.throwIfAborted();
          rows[table] = (rows[table] ?? 0) + batch.length;
          await write(batch.join('\n'));
        }
      }
      await control(['end', { rows }]);
      return { madeAt, rows };
    });
    lines.end();
    await written;
    return report;
  } catch (error) {
    lines.destroy(error instanceof Error ? error : new Error(String(error)));
    await written.catch(() => {});
    throw error;
  }
}
