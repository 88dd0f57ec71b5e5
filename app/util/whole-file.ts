import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file of ours is empty or cut short. The message is a sentence for whoever runs the server. */
export class IncompleteFileError extends Error {
  override readonly name = 'IncompleteFileError';
}

export interface WholeFileOptions {
  /** Permissions of a file that is made from `content`; those of the process by default. */
  mode?: number;
  /** Fails with EEXIST where there is a file of that name, instead of replacing it. Needs hard links. */
  exclusive?: boolean;
  /** Where it is written first, on the same disk; beside its place by default. */
  draft?: string;
}

/**
 * Writes a file whole or not at all: first under another name, flushed to the disk, then named, which is atomic, and then the
 * name is flushed. A full disk, a crash or a cut of power leaves what was there before, and no draft unless the process is
 * killed.
 * @param content the bytes, or what writes the draft at the path it is given; its result is the answer
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  options?: WholeFileOptions,
): Promise<void>;
export async function writeWhole<T>(
  path: string,
  content: (draft: string) => Promise<T>,
  options?: WholeFileOptions,
): Promise<T>;
export async function writeWhole<T>(
  path: string,
  content: string | Uint8Array | ((draft: string) => Promise<T>),
  { mode, exclusive = false, draft = `${path}.${randomUUID()}.part` }: WholeFileOptions = {},
): Promise<T | void> {
  try {
    const result =
      typeof content === 'function' ? await content(draft) : await writeDraft(draft, content, mode);
    await flush(draft);
    await (exclusive ? link(draft, path) : rename(draft, path));
    await flush(dirname(path));
    return result;
  } finally {
    // Renamed already, or of no use. The failure that led here is the one to tell.
    await rm(draft, { force: true }).catch(() => {});
  }
}

async function writeDraft(draft: string, content: string | Uint8Array, mode?: number): Promise<void> {
  await using file = await open(draft, 'wx', mode);
  await file.writeFile(content);
}

/** Until a file, or the names in a folder, are on the disk. */
export async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}

/**
 * The text of a file that {@link writeWhole} wrote, without white space at its ends; `null` where there is none. Throws
 * {@link IncompleteFileError} for one that is shorter than it was written.
 * @param least characters that it has
 * @param advice what to do about a short one, a sentence
 */
export async function readWhole(path: string, least: number, advice: string): Promise<string | null> {
  let text: string;
  try {
    text = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  if (text.length >= least) return text;
  const state = text === '' ? 'is empty' : `has ${text.length} characters instead of ${least}`;
  throw new IncompleteFileError(`${path} ${state}: it was not written to its end. ${advice}`);
}
