import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '../util/whole-file.ts';
import { UPLOAD_ID, type PartStore } from './part-store.ts';

/** Keeps parts as files below a folder, in a folder for each upload. */
export function createLocalParts(folder: string): PartStore {
  return {
    async put(key, path) {
      const target = join(folder, key);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await writeWhole(target, (draft) => move(path, draft));
    },

    async has(key) {
      return (await stat(join(folder, key)).catch(orNothing)) !== null;
    },

    async read(key) {
      const file = await open(join(folder, key)).catch(orNothing);
      return file && file.createReadStream();
    },

    removePart: (key) => rm(join(folder, key), { force: true }),

    remove: (id) => rm(join(folder, id), { recursive: true, force: true }),

    async *list() {
      for (const id of (await readdir(folder).catch(orNothing)) ?? []) {
        const info = UPLOAD_ID.test(id) ? await stat(join(folder, id)).catch(orNothing) : null;
        if (info) yield { id, changedAt: info.mtime };
      }
    },
  };
}

/** Renames a file, or copies it to another disk. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

/** Takes a missing file for an answer. */
function orNothing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
