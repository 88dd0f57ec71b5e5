import { randomUUID } from 'node:crypto';
import { mayLackPasskey } from '../auth/admin-passkey.ts';
import { findUserById, lockUser } from '../auth/auth.repository.ts';
import { wrongPassword } from '../auth/auth.service.ts';
import { verifyPassword } from '../auth/password.ts';
import { isByPasskey, markByPasskey } from '../auth/sessions.repository.ts';
import type { Sessions } from '../auth/sessions.service.ts';
import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { passkeyRequired, requireEnabled } from '../http/access.ts';
import type { SessionUser } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import type { RelyingParty } from '../http/relying-party.ts';
import type { Challenges } from './challenges.ts';
import { MAX_PASSKEYS } from './passkeys.limits.ts';
import {
  countPasskeysOf,
  deletePasskeyOf,
  findCredentialsOf,
  findPasskeysOf,
  insertPasskey,
  renamePasskeyOf,
  type PasskeyRow,
} from './passkeys.repository.ts';
import type { CreationOptions, NewPasskey, PasskeyItem } from './passkeys.schema.ts';
import type { WebAuthn } from './webauthn.ts';

/** The user's own passkeys. */
export interface Passkeys {
  list(by: SessionUser): Promise<PasskeyItem[]>;
  /**
   * Begins to add a passkey. Needs the password again, so that a stolen session adds none. Errors:
   * `wrong_password`, `too_many_passkeys`, `passkey_required` (an admin who has one uses it first).
   */
  begin(by: SessionUser, currentPassword: string, party: RelyingParty): Promise<CreationOptions>;
  /**
   * Adds the passkey that {@link Passkeys.begin} began in this session. The session then counts as
   * one by passkey. Errors: `passkey_expired`, `passkey_invalid`, `passkey_taken`,
   * `too_many_passkeys`, `passkey_required`, `not_signed_in`.
   */
  add(by: SessionUser, made: NewPasskey, party: RelyingParty): Promise<PasskeyItem>;
  /** Errors: `not_found`. */
  rename(by: SessionUser, id: string, name: string): Promise<PasskeyItem>;
  /**
   * Removes a passkey. Sessions and tokens stay. Errors: `not_found`, `passkey_last` (an admin of
   * whom one is required), `not_signed_in`.
   */
  remove(by: SessionUser, id: string): Promise<void>;
}

export function createPasskeys(
  db: Database,
  {
    sessions,
    challenges,
    webauthn,
    requireAdminPasskey,
  }: {
    sessions: Pick<Sessions, 'require'>;
    challenges: Challenges;
    webauthn: WebAuthn;
    requireAdminPasskey: boolean;
  },
): Passkeys {
  return {
    list: async (by) => (await findPasskeysOf(db, by.id)).map(toPasskeyItem),

    async begin(by, currentPassword, party) {
      if (by.needsPasskey === 'use') throw passkeyRequired();
      const row = await findUserById(db, by.id);
      if (!row || !(await verifyPassword(currentPassword, row.password_hash))) throw wrongPassword();
      const exclude = await findCredentialsOf(db, by.id);
      if (exclude.length >= MAX_PASSKEYS) throw tooMany();
      const options = await webauthn.creationOptions({ party, user: row, exclude });
      await challenges.issue(options.challenge, 'add', by.sessionId);
      return options;
    },

    async add(by, { name, response }, party) {
      const challenge = await challenges.take(response.response.clientDataJSON, 'add', by.sessionId);
      if (challenge === null) throw passkeyExpired();
      const credential = await webauthn.verifyCreation(response, { challenge, party });
      return inTransaction(db, async (trx) => {
        const now = requireEnabled(await lockUser(trx, by.id));
        await sessions.require(trx, by);
        const count = await countPasskeysOf(trx, by.id);
        // Two sessions without a passkey may have begun to add the first one.
        const mayAdd =
          count === 0 || mayLackPasskey(requireAdminPasskey, now) || (await isByPasskey(trx, by.sessionId));
        if (!mayAdd) throw passkeyRequired();
        if (count >= MAX_PASSKEYS) throw tooMany();
        const made = await insertPasskey(trx, { ...credential, id: randomUUID(), userId: by.id, name });
        if (!made) throw new AppError('passkey_taken', 'This passkey has been added already.');
        await markByPasskey(trx, by.sessionId);
        return toPasskeyItem(made);
      });
    },

    async rename(by, id, name) {
      const renamed = await renamePasskeyOf(db, by.id, { id, name });
      if (!renamed) throw unknownPasskey();
      return toPasskeyItem(renamed);
    },

    remove: (by, id) =>
      inTransaction(db, async (trx) => {
        const now = requireEnabled(await lockUser(trx, by.id));
        if (!(await deletePasskeyOf(trx, by.id, id))) throw unknownPasskey();
        if (mayLackPasskey(requireAdminPasskey, now)) return;
        if ((await countPasskeysOf(trx, by.id)) === 0)
          throw new AppError('passkey_last', 'An administrator needs a passkey here. Add another one first.');
      }),
  };
}

/** The error of a challenge that is unknown, used or expired. */
export const passkeyExpired = () => new AppError('passkey_expired', 'This took too long. Try again.');

const unknownPasskey = () => new AppError('not_found', 'There is no such passkey.');

const tooMany = () =>
  new AppError('too_many_passkeys', `You have ${MAX_PASSKEYS} passkeys. Remove one first.`);

const toPasskeyItem = (row: PasskeyRow): PasskeyItem => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  clonedAt: row.cloned_at?.toISOString() ?? null,
});
