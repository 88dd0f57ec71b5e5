import { open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { BackupError } from '../backup/backup.error.ts';
import { makeBackup, type MadeBackup } from '../backup/backup.service.ts';
import type { BackupStore, StoredBackup } from '../backup/backup-store.ts';
import { createBackupStore } from '../backup/create-store.ts';
import { restoreBackup, type RestoreReport } from '../backup/restore.service.ts';
import { openTempFolder } from '../util/temp-folder.ts';
import { writeWhole } from '../util/whole-file.ts';
import { defineCommand } from './command.ts';
import { table } from './table.ts';
import { throttle } from './throttle.ts';
import { UsageError } from './usage-error.ts';

const keygen = defineCommand({
  name: 'backup keygen',
  usage: 'FILE',
  summary: 'Make the identity that opens backups, and print its recipient',
  help: `  FILE   where the identity goes; it must not exist yet

Set BACKUP_RECIPIENT to the printed recipient. Keep the file where you keep passwords, never on the
server: whoever has it reads every backup, and without it nobody does.`,
  options: {},
  arguments: ['FILE'],
  standalone: true,
  async run({ args: [file = ''] }) {
    const { newIdentity } = await import('../backup/encryption.ts');
    const { identity, recipient } = await newIdentity();
    const text = `# The identity that opens backups of meemikansio. Its recipient:\n# ${recipient}\n${identity}\n`;
    await writeWhole(resolve(file), text, { mode: 0o600, exclusive: true }).catch((cause: unknown) => {
      const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
      throw exists ? new BackupError(`${file} exists already.`, { cause }) : cause;
    });
    return { data: { recipient }, text: `BACKUP_RECIPIENT=${recipient}` };
  },
});

const now = defineCommand({
  name: 'backup now',
  usage: '',
  summary: 'Back up the rows: everything but the media files',
  help: `The app may run meanwhile. The backup is encrypted to BACKUP_RECIPIENT. It lies in BACKUP_BUCKET, or in
DATA_DIR/backups. Sessions and reset links are not part of it.`,
  options: {},
  async run({ context: { config, db } }) {
    const directory = await openTempFolder(join(resolve(config.dataDir), 'tmp'));
    try {
      const store = await createBackupStore(config);
      const recipient = config.backup.recipient ?? null;
      const made = await makeBackup({ db, store, recipient, revision: config.revision, directory });
      return { data: made, text: tellMade(made, store) };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
});

const list = defineCommand({
  name: 'backup list',
  usage: '',
  summary: 'List the backups, newest first',
  help: 'A listed backup is whole.',
  options: {},
  anySchema: true,
  async run({ context: { config } }) {
    const store = await createBackupStore(config);
    const backups = await store.list();
    const row = ({ name, madeAt, size: bytes }: StoredBackup) => [name, madeAt.toISOString(), size(bytes)];
    const text =
      backups.length === 0
        ? `There is no backup in ${store.place}.`
        : table([['NAME', 'MADE', 'SIZE'], ...backups.map(row)]);
    return { data: backups, text };
  },
});

const restore = defineCommand({
  name: 'backup restore',
  usage: 'NAME|FILE --identity FILE',
  summary: 'Fill an empty database from a backup',
  help: `  NAME              a backup of “backup list”
  FILE              or the file of one
  --identity FILE   the file of “backup keygen”

Stop the app first, and give it an empty database. The restore happens completely or not at all. A
backup of an earlier release is brought up to date. The media files are not part of it: keep the
bucket or folder that they lie in. Everybody signs in anew.`,
  options: { identity: { type: 'string' } },
  arguments: ['NAME or FILE'],
  anySchema: true,
  check({ identity }) {
    if (identity === undefined) throw new UsageError('backup restore takes --identity FILE.');
  },
  async run({ values: { identity = '' }, args: [name = ''], context, terminal }) {
    const { config, db } = context;
    // Read first: a failure here would leave the backup open.
    const secret = await identityIn(identity);
    const report = await restoreBackup({
      db,
      source: await sourceOf(name, await createBackupStore(config)),
      identity: secret,
      jobs: () => context.jobs(),
      readsText: config.ocr.enabled,
      progress: throttle((rows: number) => terminal.err(`${rows} rows`)),
    });
    return { data: report, text: tellRestored(report) };
  },
});

/** Reads the identity of a file in the form of age-keygen: comments, and a line with it. */
async function identityIn(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BackupError(`${path} cannot be read.`, { cause });
  });
  const line = text.split(/\r?\n/).find((each) => each.startsWith('AGE-SECRET-KEY-'));
  if (line === undefined) throw new BackupError(`${path} has no line that begins with AGE-SECRET-KEY-.`);
  return line.trim();
}

async function sourceOf(name: string, store: BackupStore): Promise<Readable> {
  const stored = await store.read(name);
  if (stored) return stored;
  const file = await open(name).catch((cause: unknown) => {
    throw new BackupError(`There is neither a backup ${name} in ${store.place} nor such a file.`, { cause });
  });
  return file.createReadStream();
}

const size = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
const count = (rows: Record<string, number>, name: string) => rows[name] ?? 0;

const tellMade = (made: MadeBackup, store: BackupStore) =>
  [
    `Stored ${made.names.join(', ')} in ${store.place} (${size(made.size)}): ${count(made.rows, 'users')} users, ${count(made.rows, 'media')} items.`,
    ...made.removed.map((name) => `Removed ${name}.`),
  ].join('\n');

const tellRestored = ({ madeAt, rows, resumed }: RestoreReport) =>
  `Restored the backup of ${madeAt}: ${count(rows, 'users')} users, ${count(rows, 'media')} items, ${count(rows, 'shares')} shares. ${resumed} items are processed again.`;

export const backupCommands = [keygen, now, list, restore];
