import { v7 as uuidv7 } from 'uuid';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { requireEnabled } from '../http/access.ts';
import { AppError } from '../http/errors.ts';
import type { Invites } from '../invites/invites.service.ts';
import {
  findUserById,
  findUserByKey,
  hasAccounts,
  insertUser,
  lockFirstAccount,
  lockUser,
  updatePassword,
} from './auth.repository.ts';
import { user, type RegisterRequest, type SignedInUser, type User } from './auth.schema.ts';
import type { Devices } from './devices.ts';
import { refuseCommonPassword } from './password-rules.ts';
import { hashPassword, verifyNothing, verifyPassword } from './password.ts';
import { deleteResetsOf } from './resets.repository.ts';
import type { SessionUser } from '../http/env.ts';
import type { Sessions } from './sessions.service.ts';
import type { SetupCode } from './setup-code.ts';
import { usernameKey, usernameSkeleton } from './username.ts';

export interface SignedIn {
  user: SignedInUser;
  /** Token of the new session. */
  token: string;
  /** Token that identifies this device from now on. */
  device: string;
}

export interface Accounts {
  /**
   * Creates an account. The first account becomes the admin, even if two race; it needs the setup
   * code, if there is one. Every other account needs an invite, which admits exactly one. Errors:
   * `setup_code_wrong`, `registration_closed`, `invite_unknown`, `invite_used`, `invite_expired`,
   * `invite_revoked`, `username_taken`, `username_similar`, `password_common`.
   */
  register(request: RegisterRequest, userAgent: string): Promise<SignedIn>;
  /**
   * Signs in. Errors: `wrong_credentials`. An unknown or disabled user answers the same, and as
   * slowly, as a wrong password.
   */
  login(username: string, password: string, userAgent: string): Promise<SignedIn>;
  /**
   * Returns the id of a device that signed in to that account under its current password; `null`
   * for any other.
   *
   * @param token of the device, if it has one
   */
  knownDevice(username: string, token: string | undefined): Promise<string | null>;
  /**
   * Changes the password. Ends the user's other sessions and reset links, and invalidates every
   * device token. Returns a new device token for this device. Errors: `wrong_password`,
   * `password_common`, `not_signed_in`.
   */
  changePassword(by: SessionUser, current: string, password: string): Promise<string>;
  /** Tells whether the first account still has to be made. */
  isEmpty(): Promise<boolean>;
  /** Whether that account needs the setup code. */
  readonly needsSetupCode: boolean;
}

export function createAccounts(
  db: Database,
  {
    sessions,
    devices,
    invites,
    setupCode,
  }: { sessions: Sessions; devices: Devices; invites: Invites; setupCode: SetupCode | null },
): Accounts {
  return {
    needsSetupCode: setupCode !== null,

    async register({ username, password, invite, setupCode: given = '' }, userAgent) {
      const begins = setupCode?.isRight(given) ?? true;
      // Checks the invite before the slow hashing; the transaction decides.
      if (await hasAccounts(db)) await invites.check(invite ?? needsInvite());
      else if (!begins) throw wrongSetupCode();
      const passwordHash = await hashNewPassword(password, username);
      return inTransaction(db, async (trx) => {
        await lockFirstAccount(trx);
        const first = !(await hasAccounts(trx));
        if (first && !begins) throw wrongSetupCode();
        const created = await createUser(trx, { username, passwordHash, role: first ? 'admin' : 'member' });
        if (!first) await invites.use(trx, invite ?? needsInvite(), created.id);
        return {
          user: await sessions.asSignedIn(trx, created),
          token: await sessions.open(trx, created.id, userAgent),
          device: await devices.issue({ id: created.id, password_hash: passwordHash }),
        };
      });
    },

    async login(username, password, userAgent) {
      const row = await findUserByKey(db, usernameKey(username.trim()));
      const right = row ? await verifyPassword(password, row.password_hash) : await verifyNothing(password);
      if (!row || !right) throw wrongCredentials();
      return inTransaction(db, async (trx) => {
        const now = await lockUser(trx, row.id);
        // The checked password may have been changed meanwhile.
        if (!now || now.disabled_at || now.password_hash !== row.password_hash) throw wrongCredentials();
        return {
          user: await sessions.asSignedIn(trx, user.parse(now)),
          token: await sessions.open(trx, now.id, userAgent),
          device: await devices.issue(now),
        };
      });
    },

    async knownDevice(username, token) {
      const claims = token === undefined ? null : await devices.read(token);
      if (claims === null) return null;
      const row = await findUserByKey(db, usernameKey(username.trim()));
      return row && devices.isOf(claims, row) ? claims.device : null;
    },

    async changePassword(by, current, password) {
      const row = await findUserById(db, by.id);
      if (!row || !(await verifyPassword(current, row.password_hash))) throw wrongPassword();
      const passwordHash = await hashNewPassword(password, row.username);
      await inTransaction(db, async (trx) => {
        const now = requireEnabled(await lockUser(trx, by.id));
        if (now.password_hash !== row.password_hash) throw wrongPassword();
        await sessions.require(trx, by);
        await updatePassword(trx, by.id, passwordHash);
        await deleteResetsOf(trx, by.id);
        await sessions.endAll(trx, by.id, by.sessionId);
      });
      return devices.issue({ id: by.id, password_hash: passwordHash });
    },

    isEmpty: async () => !(await hasAccounts(db)),
  };
}

/**
 * Hashes a new password. Takes tens of milliseconds, so call it outside locks. Errors:
 * `password_common`.
 */
export async function hashNewPassword(password: string, username: string): Promise<string> {
  refuseCommonPassword(password, username);
  return hashPassword(password);
}

/**
 * Inserts a user. Errors: `username_taken`, `username_similar`; also for the second of two racing
 * requests.
 */
export async function createUser(
  trx: Trx,
  account: { username: string; passwordHash: string; role: User['role'] },
): Promise<User> {
  const { username, passwordHash, role } = account;
  const key = usernameKey(username);
  const created = { id: uuidv7(), username, role };
  const keys = {
    usernameKey: key,
    usernameSkeleton: usernameSkeleton(username),
    usernameKeySkeleton: usernameSkeleton(key),
  };
  if (await insertUser(trx, { ...created, ...keys, passwordHash })) return created;
  throw (await findUserByKey(trx, key))
    ? new AppError('username_taken', 'That username is taken.', {
        details: { fields: { username: 'taken' } },
      })
    : new AppError('username_similar', 'That username looks like an existing one.', {
        details: { fields: { username: 'similar' } },
      });
}

function needsInvite(): never {
  throw new AppError('registration_closed', 'The first account exists already. New users need an invite.');
}

const wrongSetupCode = () =>
  new AppError('setup_code_wrong', 'The first account needs the setup code, which the start prints.', {
    details: { fields: { setupCode: 'wrong' } },
  });

const wrongCredentials = () => new AppError('wrong_credentials', 'Incorrect username or password.');

/** The error of a wrong password of the signed-in user, at the field `currentPassword`. */
export const wrongPassword = () =>
  new AppError('wrong_password', 'That is not your current password.', {
    details: { fields: { currentPassword: 'wrong' } },
  });
