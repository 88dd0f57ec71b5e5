import { constants, createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdir, opendir, rm, stat, unlink } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { contentTypeOf } from './content-types.ts';
import { writeWhole } from '../util/whole-file.ts';
import { assertKey, StorageError, type ObjectInfo, type Storage } from './storage.ts';

const BACKEND = 'local';

export interface LocalStorageOptions {
  /** Folder for the objects; created when missing. */
  directory: string;
}

/**
 * Stores objects as files, in 256 folders by the first two characters of their key. Writes a file
 * beside its place, flushes it, then links it under its name. Linking is atomic and fails if the
 * name exists.
 */
export function createLocalStorage({ directory }: LocalStorageOptions): Storage {
  const root = resolve(directory);
  const drafts = join(root, '.drafts');

  function pathOf(key: string): string {
    assertKey(BACKEND, key);
    return join(root, key.slice(0, 2), key);
  }

  async function info(key: string): Promise<ObjectInfo | null> {
    try {
      const { size, mtime } = await stat(pathOf(key));
      return { key, size, contentType: contentTypeOf(key), lastModified: mtime };
    } catch (error) {
      if (isMissing(error)) return null;
      throw wrap(error, `cannot look at ${key}`);
    }
  }

  return {
    backend: BACKEND,
    info,

    async put(key, path) {
      const target = pathOf(key);
      const draft = join(drafts, randomUUID());
      try {
        await mkdir(drafts, { recursive: true });
        await mkdir(join(target, '..'), { recursive: true });
        // The kernel copies the file: through this process, every few megabytes would cost a
        // garbage collection.
        const copy = (to: string) => copyFile(path, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        await writeWhole(target, copy, { draft, exclusive: true });
      } catch (error) {
        if (hasCode(error, 'EEXIST')) throw new StorageError(BACKEND, 'exists', `${key} exists already`);
        throw wrap(error, `cannot store ${key}`);
      }
    },

    async read(key, range) {
      if ((await info(key)) === null) return null;
      return createReadStream(pathOf(key), range);
    },

    async delete(key) {
      try {
        await unlink(pathOf(key));
      } catch (error) {
        if (!isMissing(error)) throw wrap(error, `cannot delete ${key}`);
      }
    },

    async *list() {
      for await (const folder of entries(root)) {
        if (!/^[0-9a-f]{2}$/.test(folder)) continue;
        for await (const key of entries(join(root, folder))) {
          const found = await info(key);
          if (found) yield found;
        }
      }
    },

    async sweep(minAgeMs) {
      const before = Date.now() - minAgeMs;
      let count = 0;
      for await (const name of entries(drafts)) {
        const draft = join(drafts, name);
        // Its own process has just removed it.
        const found = await stat(draft).catch(() => null);
        if (!found || found.mtimeMs > before) continue;
        await rm(draft, { force: true });
        count += 1;
      }
      return count;
    },

    publicUrl: (key) => `/api/files/${key}`,
    redirectUrl: async () => null,
    warning: async () => null,

    async healthProblem() {
      const probe = join(drafts, randomUUID());
      try {
        await mkdir(drafts, { recursive: true });
        await pipeline([Buffer.from('probe')], createWriteStream(probe, { flags: 'wx' }));
        await rm(probe);
        return null;
      } catch (error) {
        return `The folder ${root} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
  };
}

async function* entries(directory: string): AsyncIterable<string> {
  try {
    for await (const entry of await opendir(directory)) yield entry.name;
  } catch (error) {
    if (!isMissing(error)) throw wrap(error, `cannot list ${directory}`);
  }
}

const hasCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;
const isMissing = (error: unknown) => hasCode(error, 'ENOENT');

function wrap(error: unknown, message: string): StorageError {
  return error instanceof StorageError ? error : new StorageError(BACKEND, 'failed', message, error);
}
