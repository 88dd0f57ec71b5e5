import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findNames } from '../media/media.repository.ts';
import { copyStorage, type CopyReport } from '../storage/copy.ts';
import { createStorage } from '../storage/create-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { openTempFolder } from '../util/temp-folder.ts';
import { defineCommand } from './command.ts';
import { UsageError } from './usage-error.ts';
import { throttle } from './throttle.ts';

const isBackend = (name: string | undefined): name is Storage['backend'] => name === 'local' || name === 's3';

const copy = defineCommand({
  name: 'storage copy',
  usage: '--from local|s3 --to s3|local [--quick]',
  summary: 'Copy every media file to another storage, and verify the copies',
  help: `  --quick   do not read existing copies of the right size again

The command can be stopped and started again, and the app may run meanwhile. The source is only
read. Afterwards set STORAGE_BACKEND and restart the app. Then run the command once more, for the
files uploaded meanwhile.`,
  options: { from: { type: 'string' }, to: { type: 'string' }, quick: { type: 'boolean', default: false } },
  check({ from, to }) {
    if (!isBackend(from) || !isBackend(to) || from === to)
      throw new UsageError('storage copy takes --from and --to, one of them local and the other s3.');
  },
  async run({ values: { from, to, quick }, context, terminal }) {
    if (!isBackend(from) || !isBackend(to)) throw new UsageError('storage copy takes --from and --to.');
    const { config, db } = context;
    const folder = await openTempFolder(join(resolve(config.dataDir), 'tmp'));
    const report = await copyStorage({
      folder,
      from: await createStorage(config, from),
      to: await createStorage(config, to),
      nameOf: async (key) => (await findNames(db, key))?.original_name ?? null,
      quick,
      progress: throttle(({ copied, skipped }: CopyReport) =>
        terminal.err(`${copied} copied, ${skipped} existed`),
      ),
    }).finally(() => rm(folder, { recursive: true, force: true }));
    const text = `Copied ${report.copied} objects (${Math.round(report.bytes / 1e6)} MB); ${report.skipped} existed already.`;
    return { data: report, text };
  },
});

export const storageCommands = [copy];
