import type { QueryClient } from '@tanstack/solid-query';
import type { PasskeyItem } from '../../app/passkeys/passkeys.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { ApiError, type AnyErrorCode } from '../api/errors.ts';
import { meQuery } from '../auth/session.queries.ts';
import { enterAs } from '../auth/sign-in.ts';
import { passkeysQuery } from './passkeys.queries.ts';

/** Loads late: only a press or an open sign-in page needs it. */
const library = () => import('@simplewebauthn/browser');

let ceremonies = 0;

/**
 * Asks for the options of a ceremony. A browser does one ceremony at a time. A later one ends those
 * before it, also while they wait for their options.
 *
 * @throws {ApiError} `cancelled` if a later one began meanwhile
 */
async function begin<Options>(options: () => Promise<Options>): Promise<Options> {
  const own = ++ceremonies;
  const got = await options();
  if (own !== ceremonies) throw new ApiError('cancelled');
  return got;
}

/** Ends the ceremony under way, if there is one. */
export async function endCeremony(): Promise<void> {
  ceremonies += 1;
  (await library()).WebAuthnAbortService.cancelCeremony();
}

/** Whether the browser can offer passkeys among the suggestions of an input. */
export const canSuggest = async (): Promise<boolean> => (await library()).browserSupportsWebAuthnAutofill();

/** Makes a passkey for the signed-in user, and adds it. Throws {@link ApiError}. */
export async function addPasskey(
  client: QueryClient,
  { name, currentPassword }: { name: string; currentPassword: string },
): Promise<PasskeyItem> {
  const { startRegistration } = await library();
  const optionsJSON = await begin(() => unwrap(api.passkeys.options.$post({ json: { currentPassword } })));
  const { id, response } = await startRegistration({ optionsJSON }).catch(throwCeremonyError);
  const { clientDataJSON, attestationObject, transports } = response;
  const made = { id, response: { clientDataJSON, attestationObject, transports } };
  const added = await unwrap(api.passkeys.$post({ json: { name, response: made } }));
  await client.invalidateQueries(passkeysQuery);
  // The session may have lacked a passkey until now.
  await client.invalidateQueries(meQuery);
  return added;
}

/**
 * Signs in by a passkey that the user chooses. Throws {@link ApiError}.
 *
 * @param suggest whether the browser offers the passkeys among the suggestions of the username, and
 *   not in a dialog
 * @param onAsked called when the browser begins to offer them
 */
export async function signInByPasskey(
  client: QueryClient,
  { suggest, onAsked }: { suggest: boolean; onAsked?: () => void },
): Promise<void> {
  const { startAuthentication } = await library();
  const optionsJSON = await begin(() => unwrap(api.auth.passkey.options.$post()));
  onAsked?.();
  const answer = await startAuthentication({ optionsJSON, useBrowserAutofill: suggest }).catch(
    throwCeremonyError,
  );
  const { id, response } = answer;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  const json = { id, response: { clientDataJSON, authenticatorData, signature, userHandle } };
  await enterAs(client, await unwrap(api.auth.passkey.$post({ json })));
}

/** Throws what a browser refuses a ceremony with as an {@link ApiError}. */
function throwCeremonyError(thrown: unknown): never {
  throw new ApiError(ceremonyCode(thrown), { cause: thrown });
}

/**
 * Codes by the name of the browser's error:
 * https://www.w3.org/TR/webauthn-3/#sctn-op-make-cred, `#sctn-discover-from-external-source`
 */
const CODES: Partial<Record<string, AnyErrorCode>> = {
  AbortError: 'cancelled',
  NotAllowedError: 'passkey_not_used',
  InvalidStateError: 'passkey_taken',
};

const ceremonyCode = (thrown: unknown): AnyErrorCode =>
  (thrown instanceof Error && CODES[thrown.name]) || 'passkey_failed';
