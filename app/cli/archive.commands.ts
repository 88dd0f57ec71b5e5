import { open, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { findAccount } from '../auth/operator.service.ts';
import { ArchiveError } from '../archive/archive.error.ts';
import { exportFolder, type ExportReport } from '../archive/export.service.ts';
import {
  checkArchive,
  importFolder,
  type ArchiveSummary,
  type ImportReport,
} from '../archive/import.service.ts';
import { openTempFolder } from '../util/temp-folder.ts';
import { writeWhole } from '../util/whole-file.ts';
import { createLogger } from '../logger.ts';
import { defineCommand } from './command.ts';
import { UsageError } from './usage-error.ts';
import { throttle } from './throttle.ts';

const STANDARD = '-';

const exporting = defineCommand({
  name: 'export',
  usage: 'FILE|- [--with-passwords]',
  summary: 'Write the whole library into one archive: users, and every item with its original',
  help: `  FILE               a tar that must not exist yet; - is standard output
  --with-passwords   include password hashes, so that users can sign in after an import

The app may run meanwhile; the archive lacks what it receives then. Sessions, invites and reset
links are never part of it. The import makes thumbnails and other renditions again. Exit code 1 when
an original is missing in the storage: everything else is in the archive.`,
  options: { 'with-passwords': { type: 'boolean', default: false } },
  arguments: ['FILE'],
  async run({ values, args: [target = ''], context, terminal }) {
    const { config, db, storage } = context;
    const report = await into(target, terminal.stdout(), (out) =>
      exportFolder({
        db,
        storage,
        out,
        revision: config.revision,
        withPasswords: values['with-passwords'],
        progress: throttle((items, of) => terminal.err(`${items} of ${of} items`)),
      }),
    );
    return {
      data: report,
      text: tellExport(report),
      alarming: report.missing.length > 0,
      aside: target === STANDARD,
    };
  },
});

/**
 * Writes a file under its final name only once it is whole. Errors: {@link ArchiveError} if the
 * file exists.
 */
async function into<T>(target: string, standard: Writable, write: (out: Writable) => Promise<T>): Promise<T> {
  if (target === STANDARD) return write(standard);
  const path = resolve(target);
  if (await stat(path).catch(() => null)) throw new ArchiveError(`${target} exists already.`);
  const intoDraft = async (draft: string) => {
    await using file = await open(draft, 'w', 0o600);
    return await write(file.createWriteStream());
  };
  return writeWhole(path, intoDraft, { draft: `${path}.part` });
}

const importing = defineCommand({
  name: 'import',
  usage: 'FILE|- [--owner NAME] [--check]',
  summary: 'Import an archive of “export”, into an empty library or one that is in use',
  help: `  FILE           the archive; - is standard input
  --owner NAME   give every item to this account, and add no users
  --check        only read the archive to its end and check it

A file is read twice: it is checked whole, hashes too, before anything is written. Standard input is
imported as it arrives. The import can be stopped and started again. An item that exists already (by
the SHA-256 of its upload) keeps everything it has. It gets from the archive only the title,
description, corrected text, tags and favourites that it lacks, and a collection only items. Users match by name; others are added, as
members unless the library was empty. A user without a password in the archive needs a reset link of
an admin (or “user set-password”). The running app makes the renditions.`,
  options: { owner: { type: 'string' }, check: { type: 'boolean', default: false } },
  arguments: ['FILE'],
  check({ owner, check }) {
    if (owner !== undefined && check) throw new UsageError('import takes --owner or --check.');
  },
  async run({ values, args: [path = ''], context, terminal }) {
    const { config, db, storage } = context;
    const source = async (): Promise<Readable> => (path === STANDARD ? terminal.stdin() : opened(path));
    const owner = values.owner === undefined ? null : (await findAccount(db, values.owner)).id;
    const folder = await openTempFolder(join(resolve(config.dataDir), 'tmp'));
    try {
      const checking = throttle((items: number) => terminal.err(`${items} items checked`));
      if (values.check || path !== STANDARD) {
        const summary = await checkArchive(await source(), folder, checking);
        if (values.check) return { data: summary, text: tellCheck(path, summary) };
      }
      const report = await importFolder({
        db,
        storage,
        jobs: await context.jobs(),
        logger: createLogger('error', false, 2),
        readsText: config.ocr.enabled,
        source: await source(),
        folder,
        owner,
        progress: throttle((items: number) => terminal.err(`${items} items imported`)),
      });
      return { data: report, text: tellImport(report) };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

async function opened(path: string): Promise<Readable> {
  try {
    const file = await open(path);
    if ((await file.stat()).isFile()) return file.createReadStream({ highWaterMark: 256 * 1024 });
    await file.close();
    throw new ArchiveError(`${path} is not a file.`);
  } catch (cause) {
    if (cause instanceof ArchiveError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ArchiveError(`${basename(path)} cannot be read: ${reason}`, { cause });
  }
}

const peopleCount = (count: number) => `${count} ${count === 1 ? 'person' : 'people'}`;
const items = (count: number) => `${count} item${count === 1 ? '' : 's'}`;
const shares = (count: number) => (count === 1 ? '1 share link' : `${count} share links`);
const collections = (count: number) => (count === 1 ? '1 collection' : `${count} collections`);
const size = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

const tellExport = (report: ExportReport) =>
  [
    `Exported ${peopleCount(report.people)} and ${items(report.items)} (${size(report.bytes)}), with ${collections(report.collections)} and ${shares(report.shares)}.`,
    ...report.missing.map(({ id, key }) => `missing    ${key}  (of ${id}, which is not in the archive)`),
  ].join('\n');

const tellCheck = (path: string, summary: ArchiveSummary) =>
  `${path} is whole: ${peopleCount(summary.people)}, ${items(summary.items)} (${size(summary.bytes)}), with ${collections(summary.collections)} and ${shares(summary.shares)}.`;

const tellImport = ({
  people: { added, known },
  items: all,
  collections: sets,
  shares: links,
  bytes,
}: ImportReport) =>
  `Added ${peopleCount(added)} (${known} were here) and ${items(all.added)} (${size(bytes)}); ${all.updated} that were here got what they lacked, ${all.skipped} lacked nothing. Added ${collections(sets.added)} and ${shares(links.added)}.`;

export const archiveCommands = [exporting, importing];
