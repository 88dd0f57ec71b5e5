import { constants, createWriteStream } from 'node:fs';
import {
  copyFile,
  link,
  mkdir,
  open,
  opendir,
  readFile,
  rename,
  rm,
  stat,
  unlink,
  utimes,
} from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { contentTypeOf } from './content-types.ts';
import { flush, writeWhole } from '../util/whole-file.ts';
import { createOwnerJournal } from './owner-journal.ts';
import { assertKey, StorageError, type ObjectInfo, type Storage } from './storage.ts';

const BACKEND = 'local';

export interface LocalStorageOptions {
  /** Folder for the objects; created when missing. */
  directory: string;
}

/**
 * Stores objects as files, in 256 folders by the first two characters of their key. Writes a file
 * beside its place, flushes it, then links it under its name. Linking is atomic and fails if the
 * name exists. Hidden objects lie in `.hidden`, in folders of the same names.
 */
export function createLocalStorage({ directory }: LocalStorageOptions): Storage {
  const root = resolve(directory);
  const drafts = join(root, '.drafts');

  const hidden = join(root, '.hidden');
  const libraryFile = join(root, '.library');
  const journal = createOwnerJournal(join(root, '.owners.ndjson'));

  function pathOf(key: string, base = root): string {
    assertKey(BACKEND, key);
    return join(base, key.slice(0, 2), key);
  }

  /**
   * Runs `work` with the path of an object; `null` if it is missing. Looks at the public place
   * twice: an object may become public between the two looks.
   */
  async function findIn<T>(
    key: string,
    work: (path: string) => Promise<T>,
    doing: string,
    places = [root, hidden, root],
  ): Promise<T | null> {
    for (const place of places) {
      try {
        return await work(pathOf(key, place));
      } catch (error) {
        if (!isMissing(error)) throw wrap(error, `cannot ${doing} ${key}`);
      }
    }
    return null;
  }

  async function infoIn(key: string, places?: string[]): Promise<ObjectInfo | null> {
    const found = await findIn(key, (path) => stat(path), 'look at', places);
    return found && { key, size: found.size, contentType: contentTypeOf(key), lastModified: found.mtime };
  }

  async function move(key: string, from: string, to: string): Promise<void> {
    const target = pathOf(key, to);
    try {
      await mkdir(dirname(target), { recursive: true });
      await rename(pathOf(key, from), target);
    } catch (error) {
      if (!isMissing(error)) throw wrap(error, `cannot move ${key}`);
    }
  }

  return {
    backend: BACKEND,
    info: (key) => infoIn(key),
    publicInfo: (key) => infoIn(key, [root]),
    addresses: {
      hide: (key) => move(key, root, hidden),
      show: (key) => move(key, hidden, root),
    },

    async put(key, path, { owner }) {
      const target = pathOf(key);
      const draft = join(drafts, randomUUID());
      try {
        await mkdir(drafts, { recursive: true });
        await mkdir(join(target, '..'), { recursive: true });
        // First: an entry without its object is harmless.
        if (owner) await journal.add(key, owner);
        // The kernel copies the file: through this process, every few megabytes would cost a
        // garbage collection.
        const copy = (to: string) => copyFile(path, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        await writeWhole(target, copy, { draft, exclusive: true });
      } catch (error) {
        if (hasCode(error, 'EEXIST')) throw new StorageError(BACKEND, 'exists', `${key} exists already`);
        throw wrap(error, `cannot store ${key}`);
      }
    },

    async copy(from, to, owner) {
      const target = pathOf(to);
      try {
        await mkdir(dirname(target), { recursive: true });
        if (owner) await journal.add(to, owner);
        const copied = await findIn(
          from,
          async (source) => {
            // Both names share one time. It comes first: the sweep removes old objects without a
            // row.
            const now = new Date();
            await utimes(source, now, now);
            await link(source, target);
            return true;
          },
          'copy',
        );
        if (copied !== null) await flush(dirname(target));
        return copied !== null;
      } catch (error) {
        const cause = error instanceof StorageError ? error.cause : error;
        if (hasCode(cause, 'EEXIST')) throw new StorageError(BACKEND, 'exists', `${to} exists already`);
        throw wrap(error, `cannot copy ${from} to ${to}`);
      }
    },

    // Opened before it returns: a move of the file does not disturb an open one.
    read: (key, range) => findIn(key, async (path) => (await open(path)).createReadStream(range), 'read'),

    async delete(key) {
      for (const place of [root, hidden]) {
        try {
          await unlink(pathOf(key, place));
        } catch (error) {
          if (!isMissing(error)) throw wrap(error, `cannot delete ${key}`);
        }
      }
    },

    async *list() {
      for (const place of [root, hidden]) {
        for await (const folder of entries(place)) {
          if (!/^[0-9a-f]{2}$/.test(folder)) continue;
          for await (const key of entries(join(place, folder))) {
            const found = await infoIn(key);
            if (found) yield found;
          }
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

    owners: (keys) => journal.find(keys),

    async library() {
      try {
        return (await readFile(libraryFile, 'utf8')).trim();
      } catch (error) {
        if (isMissing(error)) return null;
        throw wrap(error, `cannot read ${libraryFile}`);
      }
    },

    async claim(library) {
      try {
        await mkdir(root, { recursive: true });
        await writeWhole(libraryFile, `${library}\n`);
      } catch (error) {
        throw wrap(error, `cannot write ${libraryFile}`);
      }
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
