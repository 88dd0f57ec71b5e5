import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../db/client.ts';
import { AppError } from '../http/errors.ts';
import { user, type RegisterRequest, type User } from './accounts.schema.ts';
import { findUserByKey, hasAccounts, insertUser, lockFirstAccount } from './accounts.repository.ts';
import { hashPassword, verifyNothing, verifyPassword } from './password.ts';
import type { Sessions } from './sessions.service.ts';

/** What two usernames are compared by: compatibility forms folded, without case. */
export const usernameKey = (username: string): string =>
  username.normalize('NFKC').toLowerCase().normalize('NFKC');

export interface SignedIn {
  user: User;
  token: string;
}

export interface Accounts {
  /** The first account becomes the admin, exactly one of two that race. Errors: registration_closed, username_taken. */
  register(request: RegisterRequest, userAgent: string): Promise<SignedIn>;
  /** Errors: wrong_credentials, the same and as slow for an unknown or disabled user as for a wrong password. */
  login(username: string, password: string, userAgent: string): Promise<SignedIn>;
  /** Whether the first account is still to be made. */
  isEmpty(): Promise<boolean>;
}

export function createAccounts(db: Database, sessions: Sessions): Accounts {
  return {
    async register({ username, password }, userAgent) {
      if (await hasAccounts(db)) throw registrationClosed();
      const passwordHash = await hashPassword(password); // before the lock: it takes tens of milliseconds
      return db.transaction().execute(async (trx) => {
        await lockFirstAccount(trx);
        if (await hasAccounts(trx)) throw registrationClosed();
        const created = { id: uuidv7(), username, role: 'admin' } as const;
        const row = await insertUser(trx, { ...created, usernameKey: usernameKey(username), passwordHash });
        if (!row)
          throw new AppError('username_taken', 'That username is taken.', {
            details: { fields: { username: 'taken' } },
          });
        return { user: created, token: await sessions.open(trx, created.id, userAgent) };
      });
    },

    async login(username, password, userAgent) {
      const row = await findUserByKey(db, usernameKey(username.trim()));
      const right = row ? await verifyPassword(password, row.password_hash) : await verifyNothing(password);
      if (!row || !right || row.disabled_at) {
        throw new AppError('wrong_credentials', 'The username or the password is wrong.');
      }
      return { user: user.parse(row), token: await sessions.open(db, row.id, userAgent) };
    },

    isEmpty: async () => !(await hasAccounts(db)),
  };
}

const registrationClosed = () =>
  new AppError(
    'registration_closed',
    'This folder has its first account already; new people need an invite.',
  );
