import type { ClientResponse } from 'hono/client';
import { createApi } from '#api-client';
import { ApiError, errorFrom, toApiError } from './errors.ts';
import { knownSession, refusalOf } from './known-session.ts';
import { markServerGone } from './server-status.ts';

/**
 * The API client, typed from the server's routes. It is same-origin, so the browser sends the
 * session cookie. An outdated 401 has changed nothing, so its request is sent again.
 */
export const { api } = createApi('/', async (...request) => {
  const before = knownSession();
  const response = await fetch(...request);
  const outdated = response.status === 401 && refusalOf(before, request[1]?.method);
  if (outdated === 'of-another') throw new ApiError('cancelled');
  return outdated === 'outdated' ? fetch(...request) : response;
});

/** The parts of a response that `succeed` reads, whatever its body and status. */
type AnyResponse = Pick<Response, 'ok' | 'status' | 'text'>;

/**
 * Awaits a call and returns the body of its response. Routes declare only their 2xx responses; all
 * others are thrown.
 *
 * @throws {ApiError} for every response that is not 2xx and for a network failure.
 */
export async function unwrap<Body>(call: Promise<ClientResponse<Body, number, 'json'>>): Promise<Body> {
  const response = await succeed(call);
  return await response.json();
}

/** Awaits a call and ignores the body, as with 204. Throws like {@link unwrap}. */
export async function succeed<Answer extends AnyResponse>(call: Promise<Answer>): Promise<Answer> {
  const response = await call.catch((thrown: unknown) => {
    throw reportToPage(toApiError(thrown));
  });
  if (!response.ok) throw reportToPage(errorFrom(response.status, await response.text()));
  return response;
}

let tellRefused = (_isSignedOut: boolean) => {};

/**
 * Registers a listener for any response that says the session has ended, or that it lacks a
 * required passkey.
 */
export function onRefused(listener: (isSignedOut: boolean) => void): void {
  tellRefused = listener;
}

/**
 * Updates the page state for errors that mean "no answer" or "not signed in as you must". Returns
 * the error.
 */
export function reportToPage(error: ApiError): ApiError {
  if (error.code === 'offline' || error.code === 'unavailable') markServerGone();
  const isSignedOut = error.code === 'not_signed_in';
  if (isSignedOut || error.code === 'passkey_required') tellRefused(isSignedOut);
  return error;
}
