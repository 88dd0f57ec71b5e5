import { finished, Transform } from 'node:stream';
import { callbackify } from 'node:util';
import { AppError } from '../http/errors.ts';
import { cleanName, fileTooLarge, type UploadForm } from '../http/multipart.ts';
import type { ReceiveBudget } from '../http/receive-budget.ts';
import type { Found } from './request.ts';

export interface ResponseFormOptions {
  maxBytes: number;
  budget: ReceiveBudget;
  /** The user whose share of the budget the file takes. */
  userId: string;
  /** Ends the receiving; its reason is the error. */
  signal: AbortSignal;
  /** Gets the bytes received so far, and the announced size. */
  onProgress: (received: number, total: number | null) => void;
}

/** The file of an answer as an upload that is arriving. It holds its share until its disposal. */
export interface ResponseForm extends Disposable {
  form: UploadForm;
  /** Tells whether the bytes wait for room in the budget, not for the site. */
  isWaiting(): boolean;
}

const NO_FIELDS: ReadonlyMap<string, string> = new Map();

/**
 * Opens the body of an answer as the file of a form. So it is received as any upload: within the
 * budget and the size limit, and accepted by its first bytes.
 *
 * Errors: `file_too_large` (as announced). While it is read: `address_broken_off`, `unavailable`
 * (the share gave way), and the reason of the signal.
 */
export function openResponse({ response, url }: Found, options: ResponseFormOptions): ResponseForm {
  const { maxBytes, budget, userId, signal, onProgress } = options;
  const announced = Number(response.headers['content-length'] ?? Number.NaN);
  const total = Number.isFinite(announced) ? announced : null;
  if (total !== null && total > maxBytes) {
    response.destroy();
    throw fileTooLarge(maxBytes);
  }
  const share = budget.open(userId, total ?? maxBytes);
  let received = 0;
  let waiting = false;

  const count = callbackify(async (chunk: Buffer) => {
    waiting = true;
    await share.take(chunk.length);
    waiting = false;
    received += chunk.length;
    onProgress(received, total);
    return chunk;
  });
  const file = new Transform({ transform: (chunk: Buffer, _encoding, done) => count(chunk, done) });
  // The reader gets the error of its own pipeline. This is for a failure before it begins.
  file.on('error', () => {});

  const ended = AbortSignal.any([signal, share.signal]);
  const end = () => {
    const reason: unknown = ended.reason;
    file.destroy(reason instanceof Error ? reason : new Error('The fetch was ended.'));
  };
  ended.addEventListener('abort', end, { once: true });
  finished(response, { writable: false }, (error) => {
    if (error) file.destroy(brokenOff(error));
  });
  file.once('close', () => {
    ended.removeEventListener('abort', end);
    response.destroy();
  });
  response.pipe(file);
  if (ended.aborted) end();

  return {
    isWaiting: () => waiting,
    form: {
      file,
      originalName: nameOf(url),
      maxBytes,
      async finish(reading) {
        const result = await reading;
        share.received();
        return { result, fields: NO_FIELDS };
      },
    },
    [Symbol.dispose]() {
      file.destroy();
      share[Symbol.dispose]();
    },
  };
}

/** Returns the last part of a path as a file name. */
function nameOf({ pathname }: URL): string {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return cleanName(decodeURIComponent(last));
  } catch {
    // Not percent-encoded UTF-8: the name is as it is.
    return cleanName(last);
  }
}

const brokenOff = (cause: unknown) =>
  new AppError('address_broken_off', 'The file did not arrive completely.', { cause });
