import type { Logger } from 'pino';
import { lockUser } from '../auth/auth.repository.ts';
import { user } from '../auth/auth.schema.ts';
import type { SignedIn } from '../auth/auth.service.ts';
import type { Devices } from '../auth/devices.ts';
import type { Sessions } from '../auth/sessions.service.ts';
import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import type { RelyingParty } from '../http/relying-party.ts';
import type { Challenges } from './challenges.ts';
import { findCredential, lockCounter, markCloned, writeUse } from './passkeys.repository.ts';
import type { PasskeySignIn, RequestOptions } from './passkeys.schema.ts';
import { passkeyExpired } from './passkeys.service.ts';
import { userHandleOf, type WebAuthn } from './webauthn.ts';

/** Sign-in by a passkey, without a name and a password. */
export interface PasskeySignIns {
  /** @param browser secret of the browser that asks */
  begin(browser: string, party: RelyingParty): Promise<RequestOptions>;
  /**
   * Signs in as by password. Errors: `passkey_expired`, `passkey_refused` (also for a disabled
   * user), `passkey_cloned`.
   */
  finish(
    answer: PasskeySignIn,
    from: { browser: string; party: RelyingParty; userAgent: string },
  ): Promise<SignedIn>;
}

export function createPasskeySignIns(
  db: Database,
  {
    sessions,
    devices,
    challenges,
    webauthn,
    logger,
  }: { sessions: Sessions; devices: Devices; challenges: Challenges; webauthn: WebAuthn; logger: Logger },
): PasskeySignIns {
  return {
    async begin(browser, party) {
      const options = await webauthn.requestOptions(party);
      await challenges.issue(options.challenge, 'sign-in', browser);
      return options;
    },

    async finish(answer, { browser, party, userAgent }) {
      const { clientDataJSON, userHandle } = answer.response;
      const challenge = await challenges.take(clientDataJSON, 'sign-in', browser);
      if (challenge === null) throw passkeyExpired();
      const passkey = await findCredential(db, answer.id);
      if (!passkey || userHandle !== userHandleOf(passkey.userId)) throw refused();
      const { publicKey } = passkey;
      const counter = await webauthn.verifyRequest(answer, { challenge, party, publicKey });
      const signedIn = await inTransaction(db, async (trx) => {
        const now = await lockUser(trx, passkey.userId);
        const known = await lockCounter(trx, passkey.id);
        if (!now || now.disabled_at || known === null) throw refused();
        if (isOfCopy(counter, known)) {
          await markCloned(trx, passkey.id);
          return null;
        }
        await writeUse(trx, passkey.id, counter);
        return {
          token: await sessions.open(trx, now.id, userAgent, { byPasskey: true }),
          user: await sessions.asSignedIn(trx, user.parse(now), { byPasskey: true }),
          device: await devices.issue(now),
        };
      });
      if (signedIn) return signedIn;
      logger.warn(
        { passkeyId: passkey.id, userId: passkey.userId },
        'a passkey was refused: its counter went back, so there is a copy of it',
      );
      throw new AppError('passkey_cloned', 'There is a copy of this passkey. Remove it under Account.');
    },
  };
}

/**
 * Tells whether a counter went back or stood still. Authenticators without a counter send 0.
 * https://www.w3.org/TR/webauthn-3/#sctn-sign-counter
 */
const isOfCopy = (counter: number, known: number) => (counter > 0 || known > 0) && counter <= known;

const refused = () => new AppError('passkey_refused', 'This passkey does not work here.');
