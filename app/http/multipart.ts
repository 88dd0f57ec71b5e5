import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished, Transform, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { callbackify } from 'node:util';
import Busboy, { type BusboyFileStream } from '@fastify/busboy';
import type { Context } from 'hono';
import { mapAroundEmoji } from '../util/emoji.ts';
import { AppError } from './errors.ts';
import type { Share } from './receive-budget.ts';
import { bodyOf } from './request-body.ts';

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
  /** Every byte of the body waits for its place here. */
  share: Share;
}

/** Room for the form's own boundaries and fields beside the file. */
const FORM_OVERHEAD_BYTES = 64_000;

/**
 * Streams one multipart file of the form field `file` to disk while hashing it; never holds more than a few
 * chunks in memory. Settles when the body ends, the client goes, or the share gives way. Errors: invalid_multipart,
 * file_missing, file_too_large (as soon as the limit is passed), body_too_large (of all parts together), empty_file, and
 * what `checkHead` throws. Nothing is left on disk after an error.
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
  // A file that is refused stops the form: its error comes first, whatever the parser says about the broken end.
  let refusal: unknown;

  // The one who sends a large file is told about the file, also where its last piece breaks both limits.
  const tooMuch = () =>
    part && !part.readableEnded
      ? tooLarge(options.maxBytes)
      : new AppError('body_too_large', 'The parts of the form are too large together.');

  form.on('field', (name, value) => fields.set(name, value));
  form.on('file', (name, stream, filename) => {
    if (name !== 'file' || spooled) {
      // Without a listener the error of a form that breaks off in this part would end the process.
      stream.on('error', () => {}).resume();
      return;
    }
    part = stream;
    spooled = spool(stream, filename, path, options);
    spooled.catch((error: unknown) => {
      refusal ??= error;
      form.destroy(error instanceof Error ? error : undefined);
    });
  });

  try {
    await feed(body, form, options, tooMuch);
    const file = await spooled;
    if (!file) throw new AppError('file_missing', 'The form has no file in its field "file".');
    return { ...file, fields };
  } catch (error) {
    // The parser never ends the part of a form that breaks off; the spooling would wait for it for ever.
    if (error instanceof AppError) refusal ??= error;
    part?.destroy(error instanceof Error ? error : undefined);
    await spooled?.catch(() => {});
    for (const known of [refusal, error]) if (known instanceof AppError || isOurs(known)) throw known;
    throw new AppError('invalid_multipart', 'The upload broke off or is not a valid form.', { cause: error });
  }
}

/**
 * Passes a body on to the parser of its form. Every byte counts, of whichever part: too many are `tooMuch`. Rejects when the client goes, the form fails, or
 * the share gives way. The body itself is left open, so that a refusal can still be answered.
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

/** A name for people: no directories, no control, bidirectional or other invisible characters but in emoji, no broken surrogates. */
export function cleanName(name: string): string {
  // Browsers write a quote in a file name as %22: https://html.spec.whatwg.org/#multipart-form-data
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).replaceAll('%22', '"');
  const visible = mapAroundEmoji(base.toWellFormed().normalize('NFC'), (text) =>
    text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, ''),
  ).trim();
  return visible.length <= MAX_NAME
    ? visible
    : visible
        .slice(0, MAX_NAME)
        .toWellFormed()
        .replace(/\uFFFD/g, '');
}
