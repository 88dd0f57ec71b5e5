import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setPassword } from '../../../app/auth/operator.service.ts';
import type { SessionUser } from '../../../app/http/env.ts';
import { AppError } from '../../../app/http/errors.ts';
import { END_ACCESS_OF_DISABLED } from '../../../migrations/before-baseline/upgrade.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';

const NEW = 'something else entirely';
const AGENT = 'a test';
const ROUNDS = 8;

let app: TestApp;
let aino: Visitor;
let admin: SessionUser;
let guest: SessionUser;
let count = 0;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  admin = await personOf(aino);
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  guest = await join();
});

async function personOf(visitor: Visitor): Promise<SessionUser> {
  const found = await app.deps.sessions.resolve(visitor.cookie().slice('session='.length));
  if (!found) throw new Error('nobody is signed in');
  return found.user;
}

const join = async () => personOf(await app.member(aino, `guest-${count++}`));

/**
 * Runs `again` repeatedly and in parallel, from before `change` starts until it ends.
 * @returns the results of `again`
 */
async function during<Made>(change: () => Promise<unknown>, again: () => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  const over = new AbortController();
  const repeat = async () => {
    do {
      try {
        made.push(await again());
      } catch (error) {
        if (!(error instanceof AppError)) throw error; // a refusal is an answer
      }
    } while (!over.signal.aborted);
  };
  const repeating = [repeat(), repeat(), repeat(), repeat()];
  await change().finally(() => over.abort());
  await Promise.all(repeating);
  return made;
}

const disable = () => app.deps.users.update(guest.id, { disabled: true }, admin);
const enable = () => app.deps.users.update(guest.id, { disabled: false }, admin);
const signIn = (password: string) => app.deps.accounts.login(guest.username, password, AGENT);
/** Counts the tokens that open a session. */
async function alive(tokens: readonly { token: string }[]): Promise<number> {
  const found = await Promise.all(tokens.map(({ token }) => app.deps.sessions.resolve(token)));
  return found.filter((one) => one !== null).length;
}
/** Returns the error code of a refused call, or `done`. */
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );

describe('while a person is being disabled', () => {
  it('no invite of theirs stays open', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await during(disable, () => app.deps.invites.create(guest, { note: '', expiresInDays: 7 }));
      const open = await app.deps.db
        .selectFrom('invites')
        .select('id')
        .where('created_by', '=', guest.id)
        .where('revoked_at', 'is', null)
        .where('used_at', 'is', null)
        .execute();
      expect(open).toEqual([]);
      await enable();
    }
  });

  it('no session is opened that lives when they are enabled again', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const opened = await during(disable, () => signIn(PASSWORD));
      await enable();
      expect(await alive(opened)).toBe(0);
    }
  });

  it('no reset link is made or used that counts when they are enabled again', async () => {
    const { db, resets, users } = app.deps;
    for (let round = 0; round < ROUNDS; round++) {
      await during(disable, () => users.resetCode(guest.id, admin));
      const left = await db
        .selectFrom('password_resets')
        .select('id')
        .where('user_id', '=', guest.id)
        .execute();
      expect(left).toEqual([]);
      await enable();

      const link = await users.resetCode(guest.id, admin);
      const opened = await during(disable, () => resets.use(link.code, PASSWORD, AGENT));
      await enable();
      expect(await alive(opened)).toBe(0);
    }
  });
});

describe('while a password is being changed', () => {
  it.each([
    [
      'by its owner',
      async () => {
        const { token } = await signIn(PASSWORD);
        const here = await app.deps.sessions.resolve(token);
        if (!here) throw new Error('the sign-in opened no session');
        return () => app.deps.accounts.changePassword(here.user, PASSWORD, NEW);
      },
    ],
    [
      'by a reset link',
      async () => {
        const link = await app.deps.users.resetCode(guest.id, admin);
        return () => app.deps.resets.use(link.code, NEW, AGENT);
      },
    ],
    ['by the operator', async () => () => setPassword(app.deps.db, guest.username, NEW)],
  ])('%s, no sign-in with the old one survives', async (_by, prepare) => {
    for (let round = 0; round < ROUNDS / 2; round++) {
      const change = await prepare();
      const opened = await during(change, () => signIn(PASSWORD));
      expect(await alive(opened)).toBe(0);
      await setPassword(app.deps.db, guest.username, PASSWORD);
    }
  });

  it('no reset link from before it is left', async () => {
    const { token } = await signIn(PASSWORD);
    const here = (await app.deps.sessions.resolve(token))?.user ?? guest;
    const link = await app.deps.users.resetCode(guest.id, admin);
    const [byOwner, byLink] = await Promise.all([
      refusal(app.deps.accounts.changePassword(here, PASSWORD, NEW)),
      refusal(app.deps.resets.use(link.code, 'a third password', AGENT)),
    ]);
    // One of them came first and invalidated the other: its link, or the password it had checked.
    expect([`${byOwner} ${byLink}`]).toEqual([
      expect.stringMatching(/^(done reset_unknown|wrong_password done)$/),
    ]);
  });

  it('nothing is changed from a session that has ended', async () => {
    await app.deps.sessions.endEverywhere(guest.id);
    expect(await refusal(app.deps.accounts.changePassword(guest, PASSWORD, NEW))).toBe('not_signed_in');
    expect((await signIn(PASSWORD)).user.id).toBe(guest.id);
  });
});

describe('a request that was let in before its person lost the right', () => {
  const revoke = { disabled: { disabled: true }, demoted: { role: 'member' } } as const;

  it.each([
    ['disabled', 'not_signed_in'],
    ['demoted', 'not_allowed'],
  ] as const)('of a %s admin changes nobody and makes no link', async (how, expected) => {
    const friend = await join();
    await app.deps.users.update(guest.id, { role: 'admin' }, admin);
    await app.deps.users.update(guest.id, revoke[how], admin);
    const late = { ...guest, role: 'admin' } as const;
    expect(await refusal(app.deps.users.update(friend.id, { role: 'admin' }, late))).toBe(expected);
    expect(await refusal(app.deps.users.update(admin.id, { disabled: true }, late))).toBe(expected);
    expect(await refusal(app.deps.users.resetCode(friend.id, late))).toBe(expected);
  });

  it('makes no invite', async () => {
    const invite = () => app.deps.invites.create({ ...guest, role: 'admin' }, { note: '', expiresInDays: 7 });
    await app.deps.admin.updateSettings({ membersMayInvite: false });
    expect(await refusal(invite())).toBe('invites_closed');
    await app.deps.admin.updateSettings({ membersMayInvite: true });
    await disable();
    expect(await refusal(invite())).toBe('not_signed_in');
  });

  it('of two admins who demote each other, one remains, also beside a third', async () => {
    const other = await join();
    const pair = [guest, other];
    for (let round = 0; round < ROUNDS; round++) {
      for (const { id } of pair) await app.deps.users.update(id, { role: 'admin' }, admin);
      const outcomes = await Promise.all([
        refusal(app.deps.users.update(other.id, { role: 'member' }, guest)),
        refusal(app.deps.users.update(guest.id, { role: 'member' }, other)),
      ]);
      expect(outcomes.toSorted()).toEqual(['done', 'not_allowed']);
    }
  });
});

describe('an invite that is taken back while it is used', () => {
  it('lets somebody in or is taken back, never both', async () => {
    const { db, invites, accounts } = app.deps;
    for (let round = 0; round < ROUNDS; round++) {
      const { id, code: secret } = await invites.create(admin, { note: '', expiresInDays: 7 });
      const request = { username: `guest-${count++}`, password: PASSWORD, invite: secret };
      const [joined, taken] = await Promise.all([
        refusal(accounts.register(request, AGENT)),
        refusal(invites.revoke(id, admin)),
      ]);
      const row = await db.selectFrom('invites').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      const entered = await db
        .selectFrom('users')
        .select('id')
        .where('username', '=', request.username)
        .execute();
      expect(`${joined} ${taken}`).toMatch(/^(done invite_used|invite_revoked done)$/);
      expect([row.used_at !== null, row.revoked_at === null, entered.length === 1]).toEqual(
        Array(3).fill(joined === 'done'),
      );
    }
  });
});

describe('what a disabled person kept from before', () => {
  it('is ended by the upgrade, and nobody else’s is', async () => {
    const { db, invites, users } = app.deps;
    const friend = await join();
    const kept = async (id: string) => {
      const rows = await Promise.all([
        db.selectFrom('sessions').select('id').where('user_id', '=', id).execute(),
        db.selectFrom('password_resets').select('id').where('user_id', '=', id).execute(),
        db
          .selectFrom('invites')
          .select('id')
          .where('created_by', '=', id)
          .where('revoked_at', 'is', null)
          .execute(),
      ]);
      return rows.map((found) => found.length);
    };
    for (const { id } of [guest, friend]) {
      await users.resetCode(id, admin);
      await invites.create({ ...guest, id }, { note: '', expiresInDays: 7 });
    }
    // The state that races of earlier releases left.
    await db.updateTable('users').set({ disabled_at: new Date() }).where('id', '=', guest.id).execute();
    expect([await kept(guest.id), await kept(friend.id)]).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    for (const statement of END_ACCESS_OF_DISABLED) await sql.raw(statement).execute(db);
    expect([await kept(guest.id), await kept(friend.id)]).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
  });
});

describe('what a person may do to a disabled one', () => {
  it('is no reset link: enabling comes first', async () => {
    await disable();
    expect(await refusal(app.deps.users.resetCode(guest.id, admin))).toBe('not_allowed');
    await enable();
    expect(await refusal(app.deps.users.resetCode(guest.id, admin))).toBe('done');
  });
});
