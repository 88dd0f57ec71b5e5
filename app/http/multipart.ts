import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Busboy, { type BusboyFileStream } from '@fastify/busboy';
import type { Context } from 'hono';
import { AppError } from './errors.ts';

/** A received file, spooled to disk. Whoever gets one disposes it (`await using`). */
export interface SpooledFile extends AsyncDisposable {
  path: string;
  byteSize: number;
  /** Lower-case hex. */
  sha256: string;
  /** The first bytes, at most `headBytes`. */
  head: Buffer;
  /** As the browser sent it, without directories, controls and bidirectional marks; may be empty. */
  originalName: string;
  /** The other fields of the form. */
  fields: ReadonlyMap<string, string>;
}

export interface UploadOptions {
  /** Folder for the temporary file; made when missing. */
  directory: string;
  maxBytes: number;
  /** Looks at the first bytes and throws to refuse the file before the rest has come. */
  checkHead(head: Buffer): void;
  headBytes: number;
}

/** Room for the form's own boundaries and fields beside the file. */
const FORM_OVERHEAD_BYTES = 64_000;

/**
 * Streams one multipart file of the form field `file` to disk while hashing it; never holds more than a few
 * chunks in memory. Errors: invalid_multipart, file_missing, file_too_large (as soon as the limit is passed), empty_file
 * and what `checkHead` throws. Nothing is left on disk after an error.
 */
export async function receiveFile(c: Context, options: UploadOptions): Promise<SpooledFile> {
  const contentType = c.req.header('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(contentType) || !c.req.raw.body) {
    throw new AppError('invalid_multipart', 'Send the file as multipart/form-data in the field "file".');
  }
  if (Number(c.req.header('content-length') ?? 0) > options.maxBytes + FORM_OVERHEAD_BYTES)
    throw tooLarge(options.maxBytes);

  await mkdir(options.directory, { recursive: true });
  const path = join(options.directory, randomUUID());
  try {
    const received = await receive(Readable.from(c.req.raw.body), contentType, path, options);
    return { path, ...received, [Symbol.asyncDispose]: () => rm(path, { force: true }) };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

const tooLarge = (maxBytes: number) =>
  new AppError(
    'file_too_large',
    `The file is larger than the limit of ${Math.round(maxBytes / 1_000_000)} MB.`,
  );

type Received = Omit<SpooledFile, 'path' | typeof Symbol.asyncDispose>;

async function receive(
  body: Readable,
  contentType: string,
  path: string,
  options: UploadOptions,
): Promise<Received> {
  const form = parser(contentType);
  const fields = new Map<string, string>();
  let spooled: Promise<Omit<Received, 'fields'>> | undefined;
  // A file that is refused stops the form: its error comes first, whatever the parser says about the broken end.
  let refusal: unknown;

  form.on('field', (name, value) => fields.set(name, value));
  form.on('file', (name, stream, filename) => {
    if (name !== 'file' || spooled) {
      stream.resume();
      return;
    }
    spooled = spool(stream, filename, path, options);
    spooled.catch((error: unknown) => {
      refusal = error;
      form.destroy(error instanceof Error ? error : undefined);
    });
  });

  try {
    await pipeline(body, form);
    const file = await spooled;
    if (!file) throw new AppError('file_missing', 'The form has no file in its field "file".');
    return { ...file, fields };
  } catch (error) {
    // The parser does not end a file whose form breaks off; without this the spooling would wait for ever.
    await spooled?.catch(() => {});
    for (const known of [refusal, error]) if (known instanceof AppError || isOurs(known)) throw known;
    throw new AppError('invalid_multipart', 'The upload broke off or is not a valid form.', { cause: error });
  }
}

/**
 * A failed system call on a file is our disk's fault and not the form's: a full disk must not look like bad input. Opening
 * names the path, writing only itself; what is received is never written to a socket.
 */
const isOurs = (error: unknown) =>
  error instanceof Error && 'syscall' in error && ('path' in error || error.syscall === 'write');

function parser(contentType: string) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { files: 2, fields: 10, fieldSize: 10_000, parts: 12, headerPairs: 50 },
    });
  } catch (cause) {
    throw new AppError('invalid_multipart', 'The form has no usable boundary.', { cause });
  }
}

async function spool(
  stream: BusboyFileStream,
  filename: string,
  path: string,
  options: UploadOptions,
): Promise<Omit<Received, 'fields'>> {
  const hash = createHash('sha256');
  let byteSize = 0;
  let head = Buffer.alloc(0);
  const inspect = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      byteSize += chunk.length;
      if (byteSize > options.maxBytes) return done(tooLarge(options.maxBytes));
      hash.update(chunk);
      if (head.length < options.headBytes) {
        head = Buffer.concat([head, chunk]).subarray(0, options.headBytes);
        if (head.length === options.headBytes) {
          try {
            options.checkHead(head);
          } catch (error) {
            return done(error instanceof Error ? error : new Error(String(error)));
          }
        }
      }
      done(null, chunk);
    },
  });
  await pipeline(stream, inspect, createWriteStream(path, { flags: 'wx' }));
  if (byteSize === 0) throw new AppError('empty_file', 'The file is empty.');
  if (byteSize < options.headBytes) options.checkHead(head);
  return { byteSize, sha256: hash.digest('hex'), head, originalName: cleanName(filename) };
}

/** Longest original name that is kept, in UTF-16 units. */
const MAX_NAME = 200;

/** A name for people: no directories, no control, bidirectional or other invisible characters, no broken surrogates. */
export function cleanName(name: string): string {
  // Browsers write a quote in a file name as %22: https://html.spec.whatwg.org/#multipart-form-data
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).replaceAll('%22', '"');
  const visible = base
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, '')
    .trim();
  return visible.length <= MAX_NAME
    ? visible
    : visible
        .slice(0, MAX_NAME)
        .toWellFormed()
        .replace(/\uFFFD/g, '');
}
