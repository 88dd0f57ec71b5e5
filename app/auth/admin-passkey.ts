import type { PasskeyNeed } from './auth.schema.ts';

/**
 * Tells whether a user may do without a passkey.
 *
 * @param required whether the folder requires one of admins (REQUIRE_ADMIN_PASSKEY)
 */
export const mayLackPasskey = (required: boolean, user: { role: string }): boolean =>
  !required || user.role !== 'admin';

/**
 * Returns what a session or a token lacks: its user adds a passkey, or uses one. A session that
 * began by password lacks it also if the user has one: a thief may know the password.
 *
 * @param required whether the folder requires a passkey of admins
 */
export function passkeyNeedOf(
  required: boolean,
  user: { role: string },
  { byPasskey, hasPasskey }: { byPasskey: boolean; hasPasskey: boolean },
): PasskeyNeed | undefined {
  if (mayLackPasskey(required, user)) return undefined;
  if (!hasPasskey) return 'add';
  return byPasskey ? undefined : 'use';
}
