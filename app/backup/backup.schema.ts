import { z } from 'zod';

/**
 * The content of a backup before compression and encryption: lines of JSON. A row is an object, and
 * any other line is one of these arrays. A row follows the line of its table.
 */
const FORMAT = 'meemikansio backup';

/** Versions of this format that this release reads. It writes the last one. */
export const BACKUP_VERSION = 1;

/** The first line. */
export const backupHeader = z.object({
  format: z.literal(FORMAT),
  version: z.number().int(),
  madeAt: z.iso.datetime(),
  revision: z.string(),
  /** The migrations of the database in their order: the rows have the shape that they make. */
  migrations: z.array(z.string()).min(1),
});

/** The last line. Without it a backup is truncated. */
export const backupEnd = z.object({ rows: z.record(z.string(), z.number().int()) });

export const backupLine = z.union([
  z.tuple([z.literal('header'), backupHeader]),
  z.tuple([z.literal('table'), z.string()]),
  z.tuple([z.literal('end'), backupEnd]),
]);

export type BackupHeader = z.infer<typeof backupHeader>;
export type BackupEnd = z.infer<typeof backupEnd>;
export type BackupLine = z.infer<typeof backupLine>;

/** Returns the header of a new backup. */
export const headerOf = (facts: Pick<BackupHeader, 'madeAt' | 'revision' | 'migrations'>): BackupHeader => ({
  format: FORMAT,
  version: BACKUP_VERSION,
  ...facts,
});
