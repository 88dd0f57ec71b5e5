import type { Context } from 'hono';
import type { MemberEnv } from '../http/env.ts';
import { PER_ACCOUNT, PER_ADDRESS } from '../http/rate-limit.ts';
import type { Accounts } from './auth.service.ts';
import type { DeviceCookie } from './session-cookie.ts';
import { usernameKey } from './username.ts';

export const loginByAddress = { name: 'login-address', ...PER_ADDRESS };
export const loginByAccount = { name: 'login-account', ...PER_ACCOUNT };
/**
 * Limit of a device that signed in before. Guesses of strangers at its account or from its address
 * do not lock it out.
 */
export const loginByDevice = { name: 'login-device', ...PER_ACCOUNT };

/**
 * Returns the bucket of guesses at the caller's own password. It is that of sign-in: a stolen
 * session must not buy more guesses.
 */
export async function ownPasswordBucket(
  c: Context<MemberEnv>,
  { accounts, deviceCookie }: { accounts: Accounts; deviceCookie: DeviceCookie },
) {
  const { username } = c.var.session;
  const known = await accounts.knownDevice(username, deviceCookie.read(c));
  return known === null
    ? { limit: loginByAccount, subject: usernameKey(username) }
    : { limit: loginByDevice, subject: known };
}
