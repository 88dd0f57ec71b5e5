import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Database } from '../db/client.ts';
import { flush } from '../util/whole-file.ts';
import { BackupError } from './backup.error.ts';
import { KEPT, nameOf, SERIES, type BackupStore, type Series, type StoredBackup } from './backup-store.ts';
import { writeBackup, type BackupReport } from './backup-writer.ts';

export interface BackupDeps {
  db: Database;
  store: BackupStore;
  /** `null`: no backup can be made. */
  recipient: string | null;
  revision: string;
  /** A folder of our own for the backup in the making. */
  directory: string;
}

export interface MadeBackup extends BackupReport {
  /** Names in the store. */
  names: string[];
  /** Bytes of the file. */
  size: number;
  /** Names of the older backups that were removed. */
  removed: string[];
}

/**
 * Makes a backup, stores it whole, and removes those that are too old. The first one of a week or a
 * month is stored in that series, too. Errors: {@link BackupError} without a recipient.
 */
export async function makeBackup(deps: BackupDeps, signal?: AbortSignal): Promise<MadeBackup> {
  const { db, store, recipient, revision, directory } = deps;
  if (recipient === null)
    throw new BackupError(
      'BACKUP_RECIPIENT is not set. “backup keygen FILE” makes an identity and prints its recipient.',
    );
  const draft = join(directory, `backup.${randomUUID()}`);
  try {
    const out = createWriteStream(draft, { flags: 'wx', mode: 0o600 });
    const report = await writeBackup({ db, revision, recipient, out, ...(signal && { signal }) });
    await flush(draft);
    const { madeAt } = report;
    const names = seriesDue(await store.list(), madeAt).map((series) => nameOf(series, madeAt));
    for (const name of names) await store.put(name, draft);
    const stored = await store.list();
    return { ...report, names, size: sizeIn(stored, names), removed: await prune(store, stored) };
  } finally {
    await rm(draft, { force: true });
  }
}

function sizeIn(stored: readonly StoredBackup[], names: readonly string[]): number {
  const found = names.map((name) => stored.find((backup) => backup.name === name));
  const [first] = found;
  if (!first || found.includes(undefined)) throw new BackupError('The store does not list the new backup.');
  return first.size;
}

/** Returns the series that lack a backup of this day, week (from Monday) or month, in UTC. */
export function seriesDue(stored: readonly StoredBackup[], madeAt: Date): Series[] {
  const since: Record<Series, Date> = {
    daily: madeAt,
    weekly: new Date(
      Date.UTC(
        madeAt.getUTCFullYear(),
        madeAt.getUTCMonth(),
        madeAt.getUTCDate() - ((madeAt.getUTCDay() + 6) % 7),
      ),
    ),
    monthly: new Date(Date.UTC(madeAt.getUTCFullYear(), madeAt.getUTCMonth(), 1)),
  };
  return SERIES.filter(
    (series) =>
      series === 'daily' ||
      !stored.some((backup) => backup.series === series && backup.madeAt >= since[series]),
  );
}

/** Removes what is more than a series keeps. The newest backup always stays. */
async function prune(store: BackupStore, stored: readonly StoredBackup[]): Promise<string[]> {
  if (!store.remove) return [];
  const old = SERIES.flatMap((series) =>
    stored.filter((backup) => backup.series === series).slice(KEPT[series]),
  );
  for (const { name } of old) await store.remove(name);
  return old.map(({ name }) => name);
}
