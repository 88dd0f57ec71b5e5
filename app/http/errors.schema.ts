import { z } from 'zod';
import { TOKEN_SCOPES } from './scopes.limits.ts';

/**
 * Every error of the API with its HTTP status. A code is stable and is meant for programs: the
 * client translates it. The message beside it is an English sentence for people.
 */
export const ERROR_STATUS = {
  invalid_request: 400,
  invalid_json: 400,
  body_missing: 400,
  invalid_multipart: 400,
  invalid_cursor: 400,
  file_missing: 400,
  token_in_query: 400,
  not_signed_in: 401,
  wrong_credentials: 401,
  token_invalid: 401,
  passkey_refused: 401,
  not_allowed: 403,
  scope_missing: 403,
  token_not_allowed: 403,
  foreign_origin: 403,
  registration_closed: 403,
  invites_closed: 403,
  fetch_off: 403,
  setup_code_wrong: 403,
  passkey_required: 403,
  passkey_cloned: 403,
  passkeys_unavailable: 403,
  not_found: 404,
  invite_unknown: 404,
  reset_unknown: 404,
  request_timeout: 408,
  username_taken: 409,
  username_similar: 409,
  last_admin: 409,
  already_here: 409,
  not_in_trash: 409,
  invite_used: 410,
  invite_expired: 410,
  invite_revoked: 410,
  reset_used: 410,
  reset_expired: 410,
  passkey_expired: 410,
  tag_taken: 409,
  collection_taken: 409,
  collection_full: 409,
  too_many_tokens: 409,
  too_many_passkeys: 409,
  passkey_taken: 409,
  passkey_last: 409,
  too_many_uploads: 409,
  wrong_offset: 409,
  already_merged: 409,
  not_ready: 409,
  tus_version: 412,
  file_too_large: 413,
  body_too_large: 413,
  query_too_long: 414,
  unsupported_type: 415,
  video_unsupported: 415,
  invalid_field: 422,
  password_too_short: 422,
  password_too_long: 422,
  password_common: 422,
  wrong_password: 422,
  passkey_invalid: 422,
  merge_into_itself: 422,
  address_invalid: 422,
  address_refused: 422,
  address_unreachable: 422,
  address_not_ok: 422,
  address_broken_off: 422,
  address_too_slow: 422,
  too_many_redirects: 422,
  nothing_there: 422,
  broken_file: 422,
  empty_file: 422,
  too_many_pixels: 422,
  too_many_attempts: 429,
  too_many_fetches: 429,
  too_many_frames: 422,
  too_complex: 422,
  too_long: 422,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(ERROR_STATUS, code);

/** The body of every answer that is not 2xx or 304 (RFC 9457). */
export const errorBody = z.object({
  code: z.custom<ErrorCode>(isErrorCode),
  message: z.string(),
  requestId: z.string(),
  details: z
    .object({
      /** Field name → the fault in its value. */
      fields: z.record(z.string(), z.string()).optional(),
      /** Id of the item that is already stored. */
      id: z.uuid().optional(),
      /** Seconds until another attempt makes sense. The same number is in `Retry-After`. */
      retryAfter: z.number().int().optional(),
      /** The scope that the token lacks. */
      scope: z.enum(TOKEN_SCOPES).optional(),
      /** Number of bytes that the server has of a resumable upload. */
      offset: z.number().int().optional(),
    })
    .optional(),
});

export type ErrorBody = z.infer<typeof errorBody>;
export type ErrorDetails = NonNullable<ErrorBody['details']>;
