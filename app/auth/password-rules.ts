import { AppError } from '../http/errors.ts';
import common from './common-passwords.json' with { type: 'json' };
import { usernameKey } from './username.ts';

/**
 * The most common passwords that are long enough to be refused for nothing else: those of 10 and more characters among
 * the 49,233 of `@zxcvbn-ts/language-common` 4.1.3 (MIT), in lower case. NIST SP 800-63B §3.1.1.2 asks for such a list,
 * and for words of the context, which here is the person's own name.
 */
const COMMON = new Set(common);

/** Without what people put at the end to satisfy a rule elsewhere; a guesser tries that first. */
const bare = (text: string) => usernameKey(text).replace(/[\d\s\p{P}\p{S}]+$/u, '');

/** Errors: password_common. Length is checked by the wire schema. */
export function refuseCommonPassword(password: string, username: string): void {
  const core = bare(password);
  const isName = usernameKey(password) === usernameKey(username) || (core !== '' && core === bare(username));
  if (isName || COMMON.has(usernameKey(password)) || COMMON.has(core)) {
    throw new AppError('password_common', 'That password is among the first ones anybody would try.', {
      details: { fields: { password: 'Choose a less common password.' } },
    });
  }
}
