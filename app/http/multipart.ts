import { finished, Transform, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { callbackify } from 'node:util';
import Busboy, { type BusboyFileStream } from '@fastify/busboy';
import type { Context } from 'hono';
import { mapAroundEmoji } from '../util/emoji.shared.ts';
import { AppError } from './errors.ts';
import type { Share } from './receive-budget.ts';
import { bodyOf } from './request-body.ts';

/** A form whose file is arriving. */
export interface UploadForm {
  /** The bytes of the field `file`, as they come. */
  file: Readable;
  /** Name from the browser, without directories, controls and bidirectional marks. May be empty. */
  originalName: string;
  /**
   * Maximum size of the file, in bytes. The reader refuses a larger one by {@link fileTooLarge}.
   */
  maxBytes: number;
  /**
   * Waits for the end of the form and of `reading`, which reads `file`. A failure of either ends
   * both. It must be called, because the body waits for its reader.
   *
   * Errors: as {@link openForm}, and those of `reading`.
   */
  finish<T>(reading: Promise<T>): Promise<{ result: T; fields: ReadonlyMap<string, string> }>;
}

export interface UploadOptions {
  maxBytes: number;
  /** Every byte of the body waits for its grant here. */
  share: Share;
}

/** Room for the form's boundaries and other fields beside the file. */
const FORM_OVERHEAD_BYTES = 64_000;

/**
 * Opens a multipart form at its field `file`.
 *
 * Memory holds a few chunks at most. The form ends when the body ends, the client disconnects, or
 * the share gives way.
 *
 * Errors: `invalid_multipart` (also for a second file), `file_missing`, `file_too_large` (as
 * announced), `body_too_large` (all parts, a long field, too many parts).
 *
 * @example
 * const form = await openForm(c, { maxBytes, share });
 * const { result, fields } = await form.finish(readToEnd(form.file));
 */
export async function openForm(c: Context, options: UploadOptions): Promise<UploadForm> {
  const { maxBytes, share } = options;
  const contentType = c.req.header('content-type') ?? '';
  const body = bodyOf(c);
  if (!/^multipart\/form-data\s*;/i.test(contentType) || !body) {
    throw new AppError('invalid_multipart', 'Send the file as multipart/form-data in the field "file".');
  }
  if (Number(c.req.header('content-length') ?? 0) > maxBytes + FORM_OVERHEAD_BYTES)
    throw fileTooLarge(maxBytes);

  const form = parser(contentType);
  const fields = new Map<string, string>();
  const opened = Promise.withResolvers<{ file: Readable; originalName: string }>();
  let part: BusboyFileStream | undefined;
  let isAnotherArriving = false;
  // A refused part stops the form. Its error wins over the parser's error about the broken end.
  let refusal: unknown;
  const refuse = (error: unknown) => {
    refusal ??= error;
    form.destroy(error instanceof Error ? error : undefined);
  };
  const failure = (error: unknown): unknown => {
    for (const known of [refusal, error]) if (known instanceof AppError || isOurs(known)) return known;
    return new AppError('invalid_multipart', 'The upload broke off or is not a valid form.', {
      cause: error,
    });
  };

  // A large file is reported as such, even if its last chunk breaks both limits.
  const tooMuch = () =>
    part && !isAnotherArriving && !part.readableEnded
      ? fileTooLarge(maxBytes)
      : new AppError('body_too_large', 'The parts of the form are too large together.');

  // The parser drops what exceeds its limits and goes on. The caller must not believe it is stored.
  const tooManyParts = () => refuse(new AppError('body_too_large', 'The form has too many parts.'));
  form.on('partsLimit', tooManyParts).on('fieldsLimit', tooManyParts).on('filesLimit', tooManyParts);
  form.on('field', (name, value, _nameIsCut, isCut) => {
    if (isCut) refuse(new AppError('body_too_large', `The field "${name}" is too long.`));
    else fields.set(name, value);
  });
  form.on('file', (name, stream, filename) => {
    // Without a listener, the error of a form that breaks off in this part ends the process.
    stream.on('error', () => {});
    if (name !== 'file' || part) {
      // The reader of the first file may be slower than the form.
      isAnotherArriving = part !== undefined;
      stream.resume();
      if (name === 'file') refuse(new AppError('invalid_multipart', 'Send one file in a form.'));
      return;
    }
    part = stream;
    opened.resolve({ file: stream, originalName: cleanName(filename) });
  });

  const ended = feed(body, form, options, tooMuch);
  ended.then(
    () => opened.reject(new AppError('file_missing', 'The form has no file in its field "file".')),
    (error: unknown) => {
      if (error instanceof AppError) refusal ??= error;
      // The parser never ends the current part of a broken form. Without this, reading waits for
      // ever.
      part?.destroy(error instanceof Error ? error : undefined);
      opened.reject(failure(error));
    },
  );
  return {
    ...(await opened.promise),
    maxBytes,
    async finish(reading) {
      reading.catch(refuse);
      try {
        await ended;
        const result = await reading;
        share.received();
        return { result, fields };
      } catch (error) {
        // The reader's file is closed before the caller removes it.
        await reading.catch(() => {});
        throw failure(error);
      }
    },
  };
}

/** Error of a file beyond the limit. */
export const fileTooLarge = (maxBytes: number) =>
  new AppError(
    'file_too_large',
    `The file is larger than the limit of ${Math.round(maxBytes / 1_000_000)} MB.`,
  );

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
