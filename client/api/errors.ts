import type { ErrorBody, ErrorCode, ErrorDetails } from '../../app/http/errors.schema.ts';

/** Errors that occur in the client without a response of the server. */
export type ClientErrorCode =
  | 'offline'
  | 'cancelled'
  | 'unreadable_file'
  | 'link_not_file'
  | 'passkey_not_used'
  | 'passkey_failed'
  | 'unknown';
export type AnyErrorCode = ErrorCode | ClientErrorCode;

/**
 * The only error type the client shows. It carries a code with a translation, never a foreign
 * message.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: AnyErrorCode;
  readonly requestId: string | undefined;
  readonly details: ErrorDetails;

  constructor(
    code: AnyErrorCode,
    options: { requestId?: string; details?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(code, { cause: options.cause });
    this.code = code;
    this.requestId = options.requestId;
    this.details = options.details ?? {};
  }
}

/**
 * Converts any thrown value to an ApiError. `fetch` rejects with a TypeError when the network
 * fails.
 */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof DOMException && thrown.name === 'AbortError')
    return new ApiError('cancelled', { cause: thrown });
  if (thrown instanceof TypeError) return new ApiError('offline', { cause: thrown });
  return new ApiError('unknown', { cause: thrown });
}

/** Status codes of gateways whose app does not answer. */
const GATEWAY_STATUSES = new Set([502, 503, 504]);

/**
 * Reads the error from a response that is not 2xx. A body of another origin (a proxy's HTML page,
 * an empty body) becomes `unavailable` or `unknown`, by its status.
 */
export function errorFrom(status: number, body: string): ApiError {
  const parsed = parse(body);
  if (!parsed) return new ApiError(GATEWAY_STATUSES.has(status) ? 'unavailable' : 'unknown');
  return new ApiError(parsed.code, {
    requestId: parsed.requestId,
    ...(parsed.details ? { details: parsed.details } : {}),
  });
}

function parse(body: string): ErrorBody | null {
  try {
    const value: unknown = JSON.parse(body);
    return isErrorBody(value) ? value : null;
  } catch {
    return null; // the body is not JSON, so it is not the API's
  }
}

/**
 * Checks the body by hand, because the schema would add zod to the first load. A newer server may
 * send codes this client does not know; `errorText()` of i18n covers them.
 */
function isErrorBody(value: unknown): value is ErrorBody {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'requestId' in value &&
    typeof value.requestId === 'string'
  );
}
