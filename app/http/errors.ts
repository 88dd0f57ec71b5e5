import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { isAccountGone } from '../db/account-gone.ts';
import { isConflict } from '../db/transaction.ts';
import { isUnavailable } from '../db/unavailable.ts';
import { StorageError } from '../storage/storage.ts';
import { isFull } from '../util/disk-full.ts';
import { ERROR_STATUS, type ErrorBody, type ErrorCode, type ErrorDetails } from './errors.schema.ts';
import type { AppEnv } from './env.ts';

/**
 * The only error that routes, services and repositories throw on purpose: a literal code and a
 * sentence.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}

/** Maps Hono's own errors to our codes; its bodies are plain text. */
function fromHttpException(error: HTTPException): AppError | null {
  if (error.status === 413) return new AppError('body_too_large', 'The request body is too large.');
  if (error.status === 400) {
    // `hono/validator` throws this for a body that it cannot parse: a form, or JSON.
    if (error.message.startsWith('Malformed FormData'))
      return new AppError('invalid_request', 'The form in the request is malformed.', { cause: error });
    return new AppError('invalid_json', 'The request body is not valid JSON.', { cause: error });
  }
  return null;
}

/** Gives any failure as an error of the API. An unexpected one is `internal`, with its cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HTTPException) return fromHttpException(error) ?? unknown(error);
  // The client has disconnected: nobody reads the answer, and nothing of ours has failed.
  if (error instanceof Error && error.name === 'AbortError')
    return new AppError('request_timeout', 'The connection was lost.');
  if (isUnavailable(error)) {
    return new AppError('unavailable', 'The database is unavailable. Try again in a moment.', {
      cause: error,
    });
  }
  if (isConflict(error)) {
    return new AppError('unavailable', 'Too many changes at the same time. Try again in a moment.', {
      cause: error,
    });
  }
  // The account was closed while its request was under way.
  if (isAccountGone(error)) return new AppError('not_signed_in', 'Sign in first.', { cause: error });
  if (isFull(error)) {
    return new AppError('unavailable', 'The disk of the server is full. Try again later.', {
      cause: error,
    });
  }
  if (error instanceof StorageError && error.reason === 'failed') {
    return new AppError('unavailable', 'The file storage is unavailable. Try again in a moment.', {
      cause: error,
    });
  }
  return unknown(error);
}

const unknown = (cause: unknown) =>
  new AppError('internal', 'Something went wrong on the server.', { cause });

/** An error as a response tells it. */
export interface DescribedError {
  error: AppError;
  status: (typeof ERROR_STATUS)[ErrorCode];
}

/**
 * Describes an error for its response: sets `Retry-After`, and logs an unexpected one with its
 * cause under the request id.
 */
export function describeError(thrown: Error, c: Context<AppEnv>): DescribedError {
  const error = toAppError(thrown);
  const status = ERROR_STATUS[error.code];
  if (status >= 500) c.var.logger.error({ err: error.cause ?? error, code: error.code }, 'request failed');
  const retryAfter = error.details?.retryAfter ?? (status === 503 ? 2 : undefined);
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter));
  return { error, status };
}

/** Renders every error as JSON; an unexpected one becomes a bare 500. */
export const renderError: ErrorHandler<AppEnv> = (thrown, c) => {
  const { error, status } = describeError(thrown, c);
  const body: ErrorBody = { code: error.code, message: error.message, requestId: c.var.requestId };
  return c.json(error.details ? { ...body, details: error.details } : body, status);
};
