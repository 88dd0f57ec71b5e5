import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished, Transform, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { callbackify } from 'node:util';
import Busboy, { type BusboyFileStream } from '@fastify/busboy';
import type { Context } from 'hono';
import { mapAroundEmoji } from '../util/emoji.shared.ts';
import { AppError } from './errors.ts';
import type { Share } from './receive-budget.ts';
import { bodyOf } from './request-body.ts';

/** A received file, spooled to disk. The owner disposes it (`await using`). */
export interface SpooledFile extends AsyncDisposable {
  path: string;
  byteSize: number;
  /** SHA-256 in lower-case hex. */
  sha256: string;
  /** The first bytes, at most `headBytes`. */
  head: Buffer;
  /** Name from the browser, without directories, controls and bidirectional marks. May be empty. */
  originalName: string;
  /** The other fields of the form. */
  fields: ReadonlyMap<string, string>;
}

export interface UploadOptions {
  /** Folder for the temporary file; created when missing. */
  directory: string;
  maxBytes: number;
  /** Inspects the first bytes; throws to refuse the file before the rest has come. */
  checkHead(head: Buffer): void;
  headBytes: number;
  /** Every byte of the body waits for its grant here. */
  share: Share;
}

/** Room for the form's boundaries and other fields beside the file. */
const FORM_OVERHEAD_BYTES = 64_000;

/**
 * Streams the multipart form field `file` to disk and hashes it on the way.
 *
 * Memory holds a few chunks at most. Settles when the body ends, the client disconnects, or the
 * share gives way. Leaves nothing on disk after an error.
 *
 * Errors: `invalid_multipart` (also for a second file), `file_missing`, `file_too_large` (at the
 * first byte over the limit), `body_too_large` (all parts together, one long field, or too many
 * parts), `empty_file`, and any error of `checkHead`.
 */
export async function receiveFile(c: Context, options: UploadOptions): Promise<SpooledFile> {
  const contentType = c.req.header('content-type') ?? '';
  const body = bodyOf(c);
  if (!/^multipart\/form-data\s*;/i.test(contentType) || !body) {
    throw new AppError('invalid_multipart', 'Send the file as multipart/form-data in the field "file".');
  }
  if (Number(c.req.header('content-length') ?? 0) > options.maxBytes + FORM_OVERHEAD_BYTES)
    throw tooLarge(options.maxBytes);

  await mkdir(options.directory, { recursive: true });
  const path = join(options.directory, randomUUID());
  try {
    const received = await receive(body, contentType, path, options);
    options.share.received();
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
  let part: BusboyFileStream | undefined;
  let spooled: Promise<Omit<Received, 'fields'>> | undefined;
  // A refused part stops the form. Its error wins over the parser's error about the broken end.
  let refusal: unknown;
  const refuse = (error: unknown) => {
    refusal ??= error;
    form.destroy(error instanceof Error ? error : undefined);
  };

  // A large file is reported as such, even if its last chunk breaks both limits.
  const tooMuch = () =>
    part && !part.readableEnded
      ? tooLarge(options.maxBytes)
      : new AppError('body_too_large', 'The parts of the form are too large together.');

  // The parser drops what exceeds its limits and goes on. The caller must not believe it is stored.
  const tooManyParts = () => refuse(new AppError('body_too_large', 'The form has too many parts.'));
  form.on('partsLimit', tooManyParts).on('fieldsLimit', tooManyParts).on('filesLimit', tooManyParts);
  form.on('field', (name, value, _nameIsCut, isCut) => {
    if (isCut) refuse(new AppError('body_too_large', `The field "${name}" is too long.`));
    else fields.set(name, value);
  });
  form.on('file', (name, stream, filename) => {
    if (name !== 'file' || spooled) {
      // Without a listener, the error of a form that breaks off in this part ends the process.
      stream.on('error', () => {}).resume();
      if (name === 'file') refuse(new AppError('invalid_multipart', 'Send one file in a form.'));
      return;
    }
    part = stream;
    spooled = spool(stream, filename, path, options);
    spooled.catch(refuse);
  });

  try {
    await feed(body, form, options, tooMuch);
    const file = await spooled;
    if (!file) throw new AppError('file_missing', 'The form has no file in its field "file".');
    return { ...file, fields };
  } catch (error) {
    // The parser never ends the current part of a broken form. Without this, spooling waits for
    // ever.
    if (error instanceof AppError) refusal ??= error;
    part?.destroy(error instanceof Error ? error : undefined);
    await spooled?.catch(() => {});
    for (const known of [refusal, error]) if (known instanceof AppError || isOurs(known)) throw known;
    throw new AppError('invalid_multipart', 'The upload broke off or is not a valid form.', { cause: error });
  }
}

/**
 * Passes a body to the parser of its form.
 *
 * Every byte of every part counts; too many are the error of `tooMuch`. Rejects when the client
 * disconnects, the form fails, or the share gives way. Leaves the body open, so that a refusal can
 * still be answered.
 */
async function feed(
  body: Readable,
  form: Writable,
  { maxBytes, share }: UploadOptions,
  tooMuch: () => AppError,
): Promise<void> {
  let byteSize = 0;
  const count = callbackify(async (chunk: Buffer) => {
    byteSize += chunk.length;
    if (byteSize > maxBytes + FORM_OVERHEAD_BYTES) throw tooMuch();
    await share.take(chunk.length);
    return chunk;
  });
  const counted = new Transform({ transform: (chunk: Buffer, _encoding, done) => count(chunk, done) });
  const giveWay = () => {
    const reason: unknown = share.signal.reason;
    counted.destroy(reason instanceof Error ? reason : undefined);
  };
  share.signal.addEventListener('abort', giveWay);
  const unwatch = finished(body, { writable: false }, (error) => {
    if (error) counted.destroy(error);
  });
  try {
    const done = pipeline(counted, form);
    body.pipe(counted);
    await done;
  } finally {
    unwatch();
    share.signal.removeEventListener('abort', giveWay);
    body.unpipe(counted);
  }
}

/**
 * Tells a failed system call on our disk from a fault of the form. A full disk must not look like
 * bad input. A failed open names a path, a failed write its system call; uploads are never written
 * to a socket.
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

/** Maximum length of a stored original name, in UTF-16 units. */
const MAX_NAME_UNITS = 200;

/**
 * Makes a displayable file name. Drops directories, broken surrogates and all invisible characters
 * (controls, bidirectional marks) outside emoji.
 */
export function cleanName(name: string): string {
  // Browsers write a quote in a file name as %22: https://html.spec.whatwg.org/#multipart-form-data
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).replaceAll('%22', '"');
  const visible = mapAroundEmoji(base.toWellFormed().normalize('NFC'), (text) =>
    text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, ''),
  ).trim();
  return visible.length <= MAX_NAME_UNITS
    ? visible
    : visible
        .slice(0, MAX_NAME_UNITS)
        .toWellFormed()
        .replace(/\uFFFD/g, '');
}
