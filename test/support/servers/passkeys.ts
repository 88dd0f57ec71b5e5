import {
  creationOptions,
  passkeyItem,
  requestOptions,
  type CreationOptions,
  type PasskeyItem,
  type RequestOptions,
} from '../../../app/passkeys/passkeys.schema.ts';
import { PASSWORD, type Visitor } from './app.ts';
import type { Authenticator, Deviation } from './authenticator.ts';

/** Begins to add a passkey of that visitor, who has {@link PASSWORD}. */
export async function beginPasskey(by: Visitor): Promise<CreationOptions> {
  const answer = await by.send('POST', '/api/passkeys/options', { currentPassword: PASSWORD });
  return creationOptions.parse(await answer.json());
}

/** Adds a passkey of that visitor, who has {@link PASSWORD}. */
export async function addPasskey(
  by: Visitor,
  authenticator: Authenticator,
  name = 'phone',
): Promise<PasskeyItem> {
  const response = authenticator.create(await beginPasskey(by));
  return passkeyItem.parse(await (await by.send('POST', '/api/passkeys', { name, response })).json());
}

/** Begins to sign in by a passkey. */
export async function beginSignIn(by: Visitor): Promise<RequestOptions> {
  return requestOptions.parse(await (await by.send('POST', '/api/auth/passkey/options')).json());
}

/** Signs a visitor in by a passkey. */
export async function signInBy(
  by: Visitor,
  authenticator: Authenticator,
  deviation: Deviation = {},
): Promise<Response> {
  const answer = authenticator.get(await beginSignIn(by), deviation);
  return by.send('POST', '/api/auth/passkey', answer);
}
