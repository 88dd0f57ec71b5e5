import { AppError } from '../http/errors.ts';
import common from './common-passwords.json' with { type: 'json' };
import { usernameKey } from './username.ts';

/**
 * Common passwords that no other rule refuses. The list has those of 10 and more characters among
 * the 49,233 of `@zxcvbn-ts/language-common` 4.1.3 (MIT), in lower case. NIST SP 800-63B §3.1.1.2
 * asks for such a list, and for words of the context. The context word here is the user's own name.
 */
const COMMON = new Set(common);

/**
 * Drops the trailing digits and symbols that people add to satisfy a rule; a guesser tries those
 * first.
 */
const bare = (text: string) => usernameKey(text).replace(/[\d\s\p{P}\p{S}]+$/u, '');

/** Throws `password_common` for a common password. The wire schema checks the length. */
export function refuseCommonPassword(password: string, username: string): void {
  const core = bare(password);
  const isName = usernameKey(password) === usernameKey(username) || (core !== '' && core === bare(username));
  if (isName || COMMON.has(usernameKey(password)) || COMMON.has(core)) {
    throw new AppError('password_common', 'This password is too common.', {
      details: { fields: { password: 'Choose a less common password.' } },
    });
  }
}
