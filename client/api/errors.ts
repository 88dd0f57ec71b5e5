import type { ErrorBody, ErrorCode, ErrorDetails } from '../../app/http/errors.schema.ts';

/** What can go wrong without the server having said so. */
export type ClientErrorCode = 'offline' | 'cancelled' | 'unreadable_file' | 'unknown';
export type AnyErrorCode = ErrorCode | ClientErrorCode;

/** The one error the client shows: a code that has words in every language, never a message from elsewhere. */
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

/** Any thrown value as an ApiError; `fetch` rejects with a TypeError when the network fails. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof DOMException && thrown.name === 'AbortError')
    return new ApiError('cancelled', { cause: thrown });
  if (thrown instanceof TypeError) return new ApiError('offline', { cause: thrown });
  return new ApiError('unknown', { cause: thrown });
}

/** Gateways answer these when the app behind them is not there. */
const GATEWAY_STATUSES = new Set([502, 503, 504]);

/**
 * The error in an answer that is not 2xx. Anything that is not the API's own body (a proxy's HTML page, an empty
 * answer) becomes `unavailable` or `unknown` by its status.
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
    return null; // not JSON, so not from the API
  }
}

/**
 * Checked by hand: the schema would bring zod into the first load, for a body only our own server writes. A newer server
 * may have codes this client does not know; `problem()` of i18n has words for them too.
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
