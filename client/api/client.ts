import { hc, type ClientResponse } from 'hono/client';
import type { AppType } from '../../app/app.ts';
import { errorFrom, toApiError, type ApiError } from './errors.ts';
import { markServerGone } from './server-status.ts';

/** The API, typed from the server's routes; same origin, so the session cookie goes along by itself. */
export const { api } = hc<AppType>('/');

/** What `succeed` needs of an answer, whatever its body and status. */
type AnyResponse = Pick<Response, 'ok' | 'status' | 'text'>;

/**
 * Awaits a call and gives the body of its answer. Routes declare only what they answer with 2xx: everything else is
 * thrown.
 *
 * @throws {ApiError} for every answer that is not 2xx and for a network that fails.
 */
export async function unwrap<Body>(call: Promise<ClientResponse<Body, number, 'json'>>): Promise<Body> {
  const response = await succeed(call);
  return await response.json();
}

/** Awaits a call for its success alone, as with 204. Throws as {@link unwrap} does. */
export async function succeed<Answer extends AnyResponse>(call: Promise<Answer>): Promise<Answer> {
  const response = await call.catch((thrown: unknown) => {
    throw reportToPage(toApiError(thrown));
  });
  if (!response.ok) throw reportToPage(errorFrom(response.status, await response.text()));
  return response;
}

let tellSignedOut = () => {};

/** Has it called whenever an answer says that the session has ended, whatever was asked for. */
export function onSignedOut(listener: () => void): void {
  tellSignedOut = listener;
}

/** Tells the page when an error means that nobody answered, or that nobody is signed in. */
export function reportToPage(error: ApiError): ApiError {
  if (error.code === 'offline' || error.code === 'unavailable') markServerGone();
  if (error.code === 'not_signed_in') tellSignedOut();
  return error;
}
