import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '../util/whole-file.ts';
import { backupOf, newestFirst, SERIES, type BackupStore, type StoredBackup } from './backup-store.ts';

/** Keeps backups as files below a folder, in a folder for each series. */
export function createLocalStore(folder: string): BackupStore {
  return {
    place: folder,

    async list() {
      const found: StoredBackup[] = [];
      for (const series of SERIES)
        for (const file of await readdir(join(folder, series)).catch(orNothing([]))) {
          const name = `${series}/${file}`;
          const info = await stat(join(folder, name)).catch(orNothing(null));
          const backup = info && backupOf(name, info.size);
          if (backup) found.push(backup);
        }
      return newestFirst(found);
    },

    async put(name, path) {
      const target = join(folder, name);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      // A draft's name is no name of a backup, so a killed copy is not listed.
      await writeWhole(target, (draft) => copyFile(path, draft, constants.COPYFILE_FICLONE), {
        exclusive: true,
      });
    },

    async read(name) {
      if (!backupOf(name, 0)) return null;
      const file = await open(join(folder, name)).catch(orNothing(null));
      return file && file.createReadStream();
    },

    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

/** Takes a missing file for an answer. */
const orNothing =
  <T>(answer: T) =>
  (error: unknown): T => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return answer;
    throw error;
  };
