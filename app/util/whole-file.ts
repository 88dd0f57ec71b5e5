import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file of ours is empty or truncated. The message is a sentence for the operator. */
export class IncompleteFileError extends Error {
  override readonly name = 'IncompleteFileError';
}

export interface WholeFileOptions {
  /** Permissions of a file created from `content`; by default those of the process. */
  mode?: number;
  /** Fails with EEXIST instead of replacing a file of that name. Needs hard links. */
  exclusive?: boolean;
  /** Path of the draft, on the same disk; by default beside the file. */
  draft?: string;
}

/**
 * Writes a file completely or not at all.
 *
 * Writes and flushes a draft, renames it, which is atomic, and flushes the folder. After a full
 * disk, a crash or a power cut, the old file is still there. A draft remains only if the process is
 * killed.
 *
 * @param content the bytes, or a function that writes the draft at the given path; its result is
 *   returned
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
    // The draft is renamed already, or useless. Report the original failure, not this one.
    await rm(draft, { force: true }).catch(() => {});
  }
}

async function writeDraft(draft: string, content: string | Uint8Array, mode?: number): Promise<void> {
  await using file = await open(draft, 'wx', mode);
  await file.writeFile(content);
}

/** Flushes a file, or the names in a folder, to the disk. */
export async function flush(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}

/**
 * Reads the text of a file that {@link writeWhole} wrote, trimmed. Returns `null` if the file is
 * missing. Throws {@link IncompleteFileError} for a file shorter than `least`.
 *
 * @param least minimum length in characters
 * @param advice a sentence that says what to do about a short file
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
