import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findAccount } from '../auth/operator.service.ts';
import { createLogger } from '../logger.ts';
import { adoptObjects, type AdoptReport } from '../media/adopt.service.ts';
import { createFfmpeg } from '../media/ffmpeg/ffmpeg.ts';
import { findFfmpeg } from '../media/ffmpeg/find.ts';
import { endRestore } from '../media/library.repository.ts';
import { MAX_DECODE_BYTES } from '../media/media.limits.ts';
import { createMetadataStripper } from '../media/metadata/metadata-stripper.ts';
import { createUploads } from '../media/upload.service.ts';
import { createSemaphore } from '../util/semaphore.ts';
import { openTempFolder } from '../util/temp-folder.ts';
import { claim } from './claim.command.ts';
import type { CommandContext } from './context.ts';
import { defineCommand } from './command.ts';
import { UsageError } from './usage-error.ts';

const adopt = defineCommand({
  name: 'storage adopt',
  usage: '--owner NAME [--take-over] [--discard]',
  summary: 'After a restore, take in the files that are newer than the backup',
  help: `  --owner NAME   owns the items that the backup lacks
  --take-over    the storage belongs to another database or library, which is no more
  --discard      let go of newer files that cannot be taken in

An item whose file got another key since the backup finds it again. An item that the backup lacks is
made again from its original, without title and tags. Until this command has taken in everything, no
file without a row is removed. Exit code 1 when newer files are left.`,
  options: {
    owner: { type: 'string' },
    'take-over': { type: 'boolean', default: false },
    discard: { type: 'boolean', default: false },
  },
  check({ owner }) {
    if (owner === undefined) throw new UsageError('storage adopt takes --owner NAME.');
  },
  async run({ values: { owner = '', 'take-over': takeOver, discard }, context }) {
    const { db, storage } = context;
    const account = await findAccount(db, owner);
    await claim(context, takeOver);
    // An administrator, because an item may belong to anybody.
    const report = await withUploads(context, (uploads, folder) =>
      adoptObjects({ db, storage, uploads, folder, by: { ...account, role: 'admin', sessionId: '' } }),
    );
    const done = report.left.length === 0 || discard;
    if (done) await endRestore(db);
    return { data: { ...report, done }, text: tell(report, done), alarming: !done };
  },
});

async function withUploads<T>(
  context: CommandContext,
  work: (uploads: ReturnType<typeof createUploads>, folder: string) => Promise<T>,
): Promise<T> {
  const { config, db, storage } = context;
  const folder = await openTempFolder(join(resolve(config.dataDir), 'tmp'));
  const stripper = createMetadataStripper();
  try {
    const found = await findFfmpeg(config.ffmpeg.path);
    const uploads = createUploads({
      db,
      storage,
      jobs: await context.jobs(),
      logger: createLogger('error', false, 2),
      ffmpeg: found?.supported ? createFfmpeg(found.command) : null,
      decoding: createSemaphore(MAX_DECODE_BYTES),
      stripper,
      directory: folder,
      readsText: config.ocr.enabled,
    });
    return await work(uploads, folder);
  } finally {
    await stripper.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const tell = ({ renamed, added, known, left }: AdoptReport, done: boolean) =>
  [
    `${renamed.length} files found again, ${added.length} taken in, ${known.length} there already.`,
    ...left.map(({ key, why }) => `left       ${key}  (${why})`),
    done
      ? 'Files that no row names may be removed again.'
      : 'Until these are dealt with, no file is removed. --discard lets go of them.',
  ].join('\n');

export const adoptCommands = [adopt];
