import type { Readable } from 'node:stream';

/** How long a backup is kept: by the day, the week or the month. */
export const SERIES = ['daily', 'weekly', 'monthly'] as const;
export type Series = (typeof SERIES)[number];

/** Backups of a series that stay. The lifecycle rules of the bucket say the same in days. */
export const KEPT: Readonly<Record<Series, number>> = { daily: 14, weekly: 8, monthly: 12 };

/** A whole backup in a store. */
export interface StoredBackup {
  /** `daily/2026-11-30T023000.123Z.age` */
  name: string;
  series: Series;
  madeAt: Date;
  /** Bytes. */
  size: number;
}

/**
 * Keeps backups. A listed one is whole: it appears only when its last byte is stored. The app never
 * deletes from a bucket: the bucket's own rules do, and its policy keeps the app from it.
 */
export interface BackupStore {
  /** Words for the operator: a folder or a bucket. */
  readonly place: string;
  /** Lists every backup, newest first. */
  list(): Promise<StoredBackup[]>;
  /** Stores the file at `path` under a new name. */
  put(name: string, path: string): Promise<void>;
  /** Reads a backup; `null` if there is none of that name. */
  read(name: string): Promise<Readable | null>;
  /** Removes these backups; `null` where rules of the storage do so. */
  readonly remove: ((name: string) => Promise<void>) | null;
}

const NAME = new RegExp(
  `^(?<series>${SERIES.join('|')})/(?<day>\\d{4}-\\d\\d-\\d\\d)T(?<hour>\\d\\d)(?<minute>\\d\\d)(?<second>\\d\\d(?:\\.\\d{3})?)Z\\.age$`,
);

/**
 * Returns the name of a backup: its series, and the moment of its rows. Milliseconds keep two
 * backups of one second apart. Names of earlier releases lack them.
 */
export const nameOf = (series: Series, madeAt: Date): string =>
  `${series}/${madeAt.toISOString().replaceAll(':', '')}.age`;

/** Returns the backup of a name and size; `null` for the name of something else. */
export function backupOf(name: string, size: number): StoredBackup | null {
  const { series, day, hour, minute, second } = NAME.exec(name)?.groups ?? {};
  const known = SERIES.find((each) => each === series);
  const madeAt = new Date(`${day}T${hour}:${minute}:${second}Z`);
  return known && !Number.isNaN(madeAt.getTime()) ? { name, series: known, madeAt, size } : null;
}

/** Sorts backups, the newest first. */
export const newestFirst = (backups: readonly StoredBackup[]): StoredBackup[] =>
  backups.toSorted((a, b) => b.madeAt.getTime() - a.madeAt.getTime() || a.name.localeCompare(b.name));
