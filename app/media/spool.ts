import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../http/errors.ts';
import { fileTooLarge, type UploadForm } from '../http/multipart.ts';
import type { Format } from './formats/formats.limits.ts';
import { SNIFF_BYTES } from './formats/sniff.ts';

/** A received file, spooled to disk. The owner disposes it (`await using`). */
export interface SpooledFile extends AsyncDisposable {
  path: string;
  byteSize: number;
  /** SHA-256 in lower-case hex. */
  sha256: string;
  /** The format of its first bytes. */
  format: Format;
  originalName: string;
  /** The other fields of the form. */
  fields: ReadonlyMap<string, string>;
}

/**
 * Streams the file of a form to disk and hashes it on the way. Leaves nothing on disk after an
 * error.
 *
 * Errors: those of the form, `file_too_large` (at the first byte over the limit), `empty_file`, and
 * any error of `accept`.
 *
 * @param directory of the temporary file; created when missing
 * @param accept decides by the first bytes, before the rest has come; throws to refuse the file
 */
export function spool(
  form: UploadForm,
  directory: string,
  accept: (head: Uint8Array) => Format,
): Promise<SpooledFile> {
  return toFile(directory, async (path) => {
    const limits = { maxBytes: form.maxBytes, accept: refuseEmpty(accept) };
    const received = mkdir(directory, { recursive: true }).then(() => receive(form.file, path, limits));
    const { result, fields } = await form.finish(received);
    return { ...result, originalName: form.originalName, fields };
  });
}

/**
 * Streams bytes to disk and hashes them, as {@link spool} does with a form. Errors:
 * `file_too_large`, `empty_file`, and those of `source` and `accept`.
 */
export function spoolStream(
  source: Readable,
  directory: string,
  { originalName, maxBytes }: { originalName: string; maxBytes: number },
  accept: (head: Uint8Array) => Format,
): Promise<SpooledFile> {
  return toFile(directory, async (path) => {
    await mkdir(directory, { recursive: true });
    const received = await receive(source, path, { maxBytes, accept: refuseEmpty(accept) });
    return { ...received, originalName, fields: new Map() };
  });
}

/** Makes a spooled file of what `write` puts at a new path. Leaves no file after an error. */
async function toFile(
  directory: string,
  write: (path: string) => Promise<Omit<SpooledFile, 'path' | typeof Symbol.asyncDispose>>,
): Promise<SpooledFile> {
  const path = join(directory, randomUUID());
  try {
    const written = await write(path);
    return { path, ...written, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

const refuseEmpty = (accept: (head: Uint8Array) => Format) => (head: Uint8Array) => {
  if (head.length === 0) throw new AppError('empty_file', 'The file is empty.');
  return accept(head);
};

/**
 * Streams a file to the new file `path`, and hashes it on the way. The caller removes it after an
 * error. Errors: `file_too_large` and any error of `accept`, which gets the first bytes.
 */
export async function receive(
  file: Readable,
  path: string,
  { maxBytes, accept }: { maxBytes: number; accept: (head: Uint8Array) => Format },
): Promise<Pick<SpooledFile, 'byteSize' | 'sha256' | 'format'>> {
  const hash = createHash('sha256');
  let byteSize = 0;
  let head = Buffer.alloc(0);
  let format: Format | undefined;
  const inspect = (chunk: Buffer): void => {
    byteSize += chunk.length;
    if (byteSize > maxBytes) throw fileTooLarge(maxBytes);
    hash.update(chunk);
    if (format !== undefined) return;
    head = Buffer.concat([head, chunk]).subarray(0, SNIFF_BYTES);
    if (head.length === SNIFF_BYTES) format = accept(head);
  };
  const inspected = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        inspect(chunk);
        done(null, chunk);
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  await pipeline(file, inspected, createWriteStream(path, { flags: 'wx' }));
  return { byteSize, sha256: hash.digest('hex'), format: format ?? accept(head) };
}
