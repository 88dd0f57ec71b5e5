import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { setPassword } from '../../../app/auth/operator.service.ts';
import { meResponse, sessionList } from '../../../app/auth/auth.schema.ts';
import { sweepChallenges } from '../../../app/passkeys/challenges.repository.ts';
import { MAX_PASSKEYS } from '../../../app/passkeys/passkeys.limits.ts';
import { passkeyList } from '../../../app/passkeys/passkeys.schema.ts';
import { resetLink, userList } from '../../../app/users/users.schema.ts';
import { outcome } from '../../support/errors.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import {
  createAuthenticator,
  type Authenticator,
  type Deviation,
} from '../../support/servers/authenticator.ts';
import { addPasskey, beginPasskey, beginSignIn, signInBy } from '../../support/servers/passkeys.ts';
import { makeToken, program } from '../../support/servers/tokens.ts';

const SITE = 'https://meemit.test';
const HOST = 'meemit.test';
const OTHER_CHALLENGE = 'A'.repeat(43);

let app: TestApp;
let aino: Visitor;
let guest: Visitor;
let name: string;
let phone: Authenticator;
let count = 0;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off', PUBLIC_URL: SITE });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  await app.deps.db.deleteFrom('rate_limits').execute();
  await app.deps.db.deleteFrom('passkey_challenges').execute();
  name = `guest-${count++}`;
  guest = await app.member(aino, name);
  phone = createAuthenticator(SITE);
});

const list = async (of: Visitor) => passkeyList.parse(await (await of.request('/api/passkeys')).json()).items;
const me = async (of: Visitor) => meResponse.parse(await (await of.request('/api/auth/me')).json());
const idOf = async (username: string) =>
  userList
    .parse(await (await aino.request('/api/users')).json())
    .items.find((one) => one.username === username)?.id ?? '';

describe('a passkey', () => {
  it('signs its user in, without a name and a password', async () => {
    const added = await addPasskey(guest, phone, '  my phone ');
    expect(added).toMatchObject({ name: 'my phone', lastUsedAt: null, clonedAt: null });
    expect(await list(guest)).toEqual([added]);
    const again = app.visitor();
    const answer = await signInBy(again, phone);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual((await me(guest)).user);
    expect((await me(again)).user?.username).toBe(name);
    expect(await list(guest)).toMatchObject([{ id: added.id, lastUsedAt: expect.any(String) }]);
    expect((await signInBy(again, phone)).status).toBe(200);
  });

  it('opens a session like that of a password', async () => {
    await addPasskey(guest, phone);
    const again = app.visitor();
    await signInBy(again, phone);
    const sessions = async (of: Visitor) =>
      sessionList.parse(await (await of.request('/api/auth/sessions')).json()).items;
    expect((await sessions(again)).map(({ current }) => current).toSorted()).toEqual([false, true]);
    expect((await guest.send('DELETE', '/api/auth/sessions')).status).toBe(204);
    expect(await outcome(await again.request('/api/media'))).toBe('401 not_signed_in');
  });

  it('must be discoverable, and ask for a PIN or a fingerprint', async () => {
    await addPasskey(guest, phone);
    const options = await beginPasskey(guest);
    expect(options).toMatchObject({
      rp: { id: HOST, name: 'meemikansio' },
      user: { name, displayName: name },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: [{ id: phone.credentialId, transports: ['internal', 'hybrid'] }],
    });
    expect(Buffer.from(options.user.id, 'base64url').toString('hex')).toBe(
      (await idOf(name)).replaceAll('-', ''),
    );
    expect(await beginSignIn(app.visitor())).toMatchObject({ rpId: HOST, userVerification: 'required' });
  });

  it('is renamed and removed by its user alone', async () => {
    const { id } = await addPasskey(guest, phone);
    const path = `/api/passkeys/${id}`;
    expect(await outcome(await aino.send('PATCH', path, { name: 'mine' }))).toBe('404 not_found');
    expect(await outcome(await aino.send('DELETE', path))).toBe('404 not_found');
    expect((await guest.send('PATCH', path, { name: ' key ring ' })).status).toBe(200);
    expect(await list(guest)).toMatchObject([{ id, name: 'key ring' }]);
    expect(await outcome(await guest.send('PATCH', path, { name: ' ' }))).toBe('422 invalid_field');
    expect((await guest.send('DELETE', path)).status).toBe(204);
    expect(await list(guest)).toEqual([]);
    expect(await outcome(await signInBy(app.visitor(), phone))).toBe('401 passkey_refused');
  });

  it('ends nothing else when it is removed', async () => {
    const { id } = await addPasskey(guest, phone);
    const again = app.visitor();
    await signInBy(again, phone);
    const { token } = await makeToken(again, ['read']);
    await again.send('DELETE', `/api/passkeys/${id}`);
    for (const visitor of [guest, again]) expect((await visitor.request('/api/media')).status).toBe(200);
    expect((await program(app, `Bearer ${token}`).send('GET', '/api/media')).status).toBe(200);
  });

  it('outlives a password that its user changes, and ends with one that is set for the user', async () => {
    await addPasskey(guest, phone);
    const password = 'four words in a row';
    await guest.send('PATCH', '/api/auth/password', { currentPassword: PASSWORD, password });
    expect((await signInBy(app.visitor(), phone)).status).toBe(200);
    const reset = await aino.send('POST', `/api/users/${await idOf(name)}/reset`);
    const { code } = resetLink.parse(await reset.json());
    const again = app.visitor();
    await again.send('POST', '/api/auth/reset', { code, password: PASSWORD });
    expect(await list(again)).toEqual([]);
    await addPasskey(again, phone);
    await setPassword(app.deps.db, name, PASSWORD);
    expect(await outcome(await signInBy(app.visitor(), phone))).toBe('401 passkey_refused');
  });
});

describe('a sign-in by passkey', () => {
  it.each<[string, Deviation, string]>([
    ['a page of another site', { origin: 'https://meemit.example' }, '401 passkey_refused'],
    ['the same site without HTTPS', { origin: 'http://meemit.test' }, '401 passkey_refused'],
    ['another relying party', { rpId: 'meemit.example' }, '401 passkey_refused'],
    ['an answer without user verification', { verified: false }, '401 passkey_refused'],
    ['an answer without a user', { present: false, verified: false }, '401 passkey_refused'],
    ['another challenge', { challenge: OTHER_CHALLENGE }, '410 passkey_expired'],
    ['another ceremony', { type: 'webauthn.create' }, '401 passkey_refused'],
    ['an unknown passkey', { credentialId: OTHER_CHALLENGE }, '401 passkey_refused'],
    ['no user', { userHandle: null }, '401 passkey_refused'],
    ['another user', { userHandle: 'AAAAAAAAAAAAAAAAAAAAAA' }, '401 passkey_refused'],
  ])('is refused for %s', async (_, deviation, refusal) => {
    await addPasskey(guest, phone);
    const again = app.visitor();
    expect(await outcome(await signInBy(again, phone, deviation))).toBe(refusal);
    expect((await me(again)).user).toBeNull();
    expect((await signInBy(again, phone)).status).toBe(200);
  });

  it('is refused with the passkey of another person', async () => {
    await addPasskey(guest, phone);
    const key = createAuthenticator(SITE);
    await addPasskey(aino, key);
    const answer = await signInBy(app.visitor(), key, { credentialId: phone.credentialId });
    expect(await outcome(answer)).toBe('401 passkey_refused');
    const swapped = await signInBy(app.visitor(), phone, { userHandle: key.userHandle });
    expect(await outcome(swapped)).toBe('401 passkey_refused');
  });

  it('is refused with a signature of other data', async () => {
    await addPasskey(guest, phone);
    const again = app.visitor();
    const answer = phone.get(await beginSignIn(again));
    const data = Buffer.from(answer.response.authenticatorData, 'base64url');
    data.writeUInt32BE(9, 33);
    const response = { ...answer.response, authenticatorData: data.toString('base64url') };
    const forged = await again.send('POST', '/api/auth/passkey', { ...answer, response });
    expect(await outcome(forged)).toBe('401 passkey_refused');
  });

  it('counts once: a replayed answer is refused, and one after a refusal', async () => {
    await addPasskey(guest, phone);
    const again = app.visitor();
    const options = await beginSignIn(again);
    const send = (answer: object) => again.send('POST', '/api/auth/passkey', answer);
    const answer = phone.get(options);
    expect(await outcome(await send(answer))).toBe('200');
    expect(await outcome(await send(answer))).toBe('410 passkey_expired');
    expect(await outcome(await send(phone.get(options)))).toBe('410 passkey_expired');
    const other = await beginSignIn(again);
    expect(await outcome(await send(phone.get(other, { verified: false })))).toBe('401 passkey_refused');
    expect(await outcome(await send(phone.get(other)))).toBe('410 passkey_expired');
  });

  it('belongs to the browser that began it, whose tabs may each begin one', async () => {
    await addPasskey(guest, phone);
    const again = app.visitor();
    const [first, second] = [await beginSignIn(again), await beginSignIn(again)];
    const stranger = app.visitor();
    await beginSignIn(stranger);
    const stolen = await stranger.send('POST', '/api/auth/passkey', phone.get(first));
    expect(await outcome(stolen)).toBe('410 passkey_expired');
    for (const options of [first, second])
      expect(await outcome(await again.send('POST', '/api/auth/passkey', phone.get(options)))).toBe('200');
  });

  it('ends after some minutes', async () => {
    await addPasskey(guest, phone);
    const again = app.visitor();
    const answer = phone.get(await beginSignIn(again));
    await app.deps.db
      .updateTable('passkey_challenges')
      .set({ expires_at: sql`now()` })
      .execute();
    expect(await outcome(await again.send('POST', '/api/auth/passkey', answer))).toBe('410 passkey_expired');
  });

  it('takes no challenge that was made for adding a passkey', async () => {
    await addPasskey(guest, phone);
    const { challenge } = await beginPasskey(guest);
    expect(await outcome(await signInBy(guest, phone, { challenge }))).toBe('410 passkey_expired');
  });

  it('is refused for a disabled person, and works again once enabled', async () => {
    await addPasskey(guest, phone);
    const path = `/api/users/${await idOf(name)}`;
    await aino.send('PATCH', path, { disabled: true });
    expect(await outcome(await signInBy(app.visitor(), phone))).toBe('401 passkey_refused');
    await aino.send('PATCH', path, { disabled: false });
    expect(await outcome(await signInBy(app.visitor(), phone))).toBe('200');
  });

  it.each([
    ['without a body', undefined, '400 body_missing'],
    ['without an id', { response: {} }, '422 invalid_field'],
    ['with an id that is no base64url', { id: 'a b' }, '422 invalid_field'],
  ])('is refused %s', async (_, body, refusal) => {
    expect(await outcome(await app.visitor().send('POST', '/api/auth/passkey', body))).toBe(refusal);
  });

  it.each(['bm90IGpzb24', 'bnVsbA', 'eyJjaGFsbGVuZ2UiOjF9'])(
    'is refused with client data %s',
    async (data) => {
      await addPasskey(guest, phone);
      const again = app.visitor();
      const answer = phone.get(await beginSignIn(again));
      const response = { ...answer.response, clientDataJSON: data };
      const refused = await again.send('POST', '/api/auth/passkey', { ...answer, response });
      expect(await outcome(refused)).toBe('410 passkey_expired');
    },
  );

  it('is limited as by password: 10 failures with a passkey, and 30 from an address', async () => {
    await addPasskey(guest, phone);
    for (let failure = 0; failure < 10; failure++)
      expect(await outcome(await signInBy(app.visitor(), phone, { verified: false }))).toBe(
        '401 passkey_refused',
      );
    expect(await outcome(await signInBy(app.visitor(), phone))).toBe('429 too_many_attempts');
    let answer: string;
    let refused = -1;
    // A slow machine gains a failure more each minute.
    do {
      answer = await outcome(await signInBy(app.visitor(), createAuthenticator(SITE)));
      refused += 1;
    } while (answer === '401 passkey_refused');
    expect(answer).toBe('429 too_many_attempts');
    expect(refused).toBeGreaterThanOrEqual(19);
    const login = await app.visitor().send('POST', '/api/auth/login', { username: name, password: PASSWORD });
    expect(await outcome(login)).toBe('429 too_many_attempts');
  });

  it('takes a number of challenges from one address', async () => {
    let answer: string;
    let taken = -1;
    // A slow machine gains a challenge more every ten seconds.
    do {
      answer = await outcome(await app.visitor().send('POST', '/api/auth/passkey/options'));
      taken += 1;
    } while (answer === '200');
    expect(answer).toBe('429 too_many_attempts');
    expect(taken).toBeGreaterThanOrEqual(60);
  });
});

describe('a copied passkey', () => {
  it('is refused, told and logged, and the original goes on', async () => {
    const warn = vi.spyOn(app.deps.logger, 'warn');
    const { id } = await addPasskey(guest, phone);
    const copy = phone.clone();
    await signInBy(app.visitor(), phone);
    await signInBy(app.visitor(), phone);
    const again = app.visitor();
    expect(await outcome(await signInBy(again, copy))).toBe('403 passkey_cloned');
    expect((await me(again)).user).toBeNull();
    expect(warn).toHaveBeenCalledWith(
      { passkeyId: id, userId: await idOf(name) },
      expect.stringContaining('there is a copy of it'),
    );
    warn.mockRestore();
    expect(await list(guest)).toMatchObject([{ id, clonedAt: expect.any(String) }]);
    expect(await outcome(await signInBy(again, phone))).toBe('200');
  });

  it('is told of a counter that stands still, and only by whoever has the key', async () => {
    await addPasskey(guest, phone);
    await signInBy(app.visitor(), phone);
    expect(await outcome(await signInBy(app.visitor(), phone, { counter: 1 }))).toBe('403 passkey_cloned');
    const stranger = createAuthenticator(SITE);
    const { credentialId, userHandle } = phone;
    const forged = { credentialId, userHandle, counter: 1 };
    await app.deps.db.updateTable('passkeys').set({ cloned_at: null }).execute();
    expect(await outcome(await signInBy(app.visitor(), stranger, forged))).toBe('401 passkey_refused');
    expect(await list(guest)).toMatchObject([{ clonedAt: null }]);
  });

  it('is not suspected of an authenticator that does not count', async () => {
    await addPasskey(guest, phone);
    for (let use = 0; use < 2; use++)
      expect(await outcome(await signInBy(app.visitor(), phone, { counter: 0 }))).toBe('200');
  });
});

describe('adding a passkey', () => {
  const add = async (by: Visitor, deviation: Deviation) => {
    const response = phone.create(await beginPasskey(by), deviation);
    return outcome(await by.send('POST', '/api/passkeys', { name: 'phone', response }));
  };

  it.each<[string, Deviation, string]>([
    ['a page of another site', { origin: 'https://meemit.example' }, '422 passkey_invalid'],
    ['another relying party', { rpId: 'meemit.example' }, '422 passkey_invalid'],
    ['an answer without user verification', { verified: false }, '422 passkey_invalid'],
    ['another ceremony', { type: 'webauthn.get' }, '422 passkey_invalid'],
    ['another challenge', { challenge: OTHER_CHALLENGE }, '410 passkey_expired'],
    ['an algorithm that was not offered', { algorithm: -35 }, '422 passkey_invalid'],
    [
      'an attestation with a certificate, whose revocation list could be at any address',
      {
        attestation: {
          fmt: 'packed',
          statement: [
            ['alg', -7],
            ['sig', Buffer.from('signature')],
            ['x5c', [Buffer.from('certificate')]],
          ],
        },
      },
      '422 passkey_invalid',
    ],
    ['another attestation', { attestation: { fmt: 'fido-u2f', statement: [] } }, '422 passkey_invalid'],
  ])('is refused for %s', async (_, deviation, refusal) => {
    expect(await add(guest, deviation)).toBe(refusal);
    expect(await list(guest)).toEqual([]);
    expect(await add(guest, {})).toBe('201');
  });

  it('is refused for a passkey that the site has, whoever owns it', async () => {
    const before = await list(aino);
    expect(await add(guest, {})).toBe('201');
    expect(await add(guest, {})).toBe('409 passkey_taken');
    expect(await add(aino, {})).toBe('409 passkey_taken');
    expect(await list(aino)).toEqual(before);
  });

  it('needs the password again, which is limited as at sign-in', async () => {
    const begin = async (currentPassword: string) =>
      outcome(await guest.send('POST', '/api/passkeys/options', { currentPassword }));
    for (let guess = 0; guess < 10; guess++)
      expect(await begin('not the password')).toBe('422 wrong_password');
    expect(await begin(PASSWORD)).toBe('429 too_many_attempts');
    const response = phone.create({ ...(await beginPasskey(aino)), challenge: OTHER_CHALLENGE });
    const added = await guest.send('POST', '/api/passkeys', { name: 'phone', response });
    expect(await outcome(added)).toBe('410 passkey_expired');
  });

  it('belongs to the session that began it, and counts once', async () => {
    const other = app.visitor();
    await other.send('POST', '/api/auth/login', { username: name, password: PASSWORD });
    const body = { name: 'phone', response: phone.create(await beginPasskey(guest)) };
    expect(await outcome(await other.send('POST', '/api/passkeys', body))).toBe('410 passkey_expired');
    expect(await outcome(await aino.send('POST', '/api/passkeys', body))).toBe('410 passkey_expired');
    expect(await outcome(await guest.send('POST', '/api/passkeys', body))).toBe('201');
    expect(await outcome(await guest.send('POST', '/api/passkeys', body))).toBe('410 passkey_expired');
  });

  it('ends with the session, and when it begins anew', async () => {
    const first = phone.create(await beginPasskey(guest));
    await beginPasskey(guest);
    const body = { name: 'phone', response: first };
    expect(await outcome(await guest.send('POST', '/api/passkeys', body))).toBe('410 passkey_expired');
    const late = { name: 'phone', response: phone.create(await beginPasskey(guest)) };
    await app.deps.sessions.endEverywhere(await idOf(name));
    expect(await outcome(await guest.send('POST', '/api/passkeys', late))).toBe('401 not_signed_in');
  });

  it('ends at a number of passkeys, also for many requests at once', async () => {
    const userId = await idOf(name);
    await app.deps.db
      .insertInto('passkeys')
      .values(
        Array.from({ length: MAX_PASSKEYS - 1 }, (_, index) => ({
          id: crypto.randomUUID(),
          user_id: userId,
          credential_id: `${name}-${index}`,
          public_key: Buffer.from('key'),
          counter: 0,
          transports: [],
          name: 'phone',
        })),
      )
      .execute();
    const other = app.visitor();
    await other.send('POST', '/api/auth/login', { username: name, password: PASSWORD });
    const begun = await Promise.all(
      [guest, other].map(async (by) => ({ by, options: await beginPasskey(by) })),
    );
    const outcomes = await Promise.all(
      begun.map(async ({ by, options }) => {
        const response = createAuthenticator(SITE).create(options);
        return outcome(await by.send('POST', '/api/passkeys', { name: 'phone', response }));
      }),
    );
    expect(outcomes.toSorted()).toEqual(['201', '409 too_many_passkeys']);
    const further = await guest.send('POST', '/api/passkeys/options', { currentPassword: PASSWORD });
    expect(await outcome(further)).toBe('409 too_many_passkeys');
  });
});

describe('where browsers offer no passkeys', () => {
  it('none is offered, and none is taken', async () => {
    await using plain = await createTestApp({ OCR: 'off', PUBLIC_URL: 'http://meemit.test' });
    const admin = await plain.admin();
    expect(await me(admin)).not.toHaveProperty('passkeyHost');
    expect(await list(admin)).toEqual([]);
    const begun = await admin.send('POST', '/api/passkeys/options', { currentPassword: PASSWORD });
    expect(await outcome(begun)).toBe('403 passkeys_unavailable');
    const signIn = await plain.visitor().send('POST', '/api/auth/passkey/options');
    expect(await outcome(signIn)).toBe('403 passkeys_unavailable');
  });

  it('the page is told of the host elsewhere', async () => {
    expect(await me(app.visitor())).toMatchObject({ user: null, passkeyHost: HOST });
  });
});

it('keeps a number of challenges: the newest', async () => {
  const { db } = app.deps;
  const visitor = app.visitor();
  for (let challenge = 0; challenge < 5; challenge++) await beginSignIn(visitor);
  const expiries = async () =>
    (await db.selectFrom('passkey_challenges').select('expires_at').orderBy('expires_at').execute()).map(
      (row) => row.expires_at.getTime(),
    );
  const before = await expiries();
  await sweepChallenges(db, 3);
  expect(await expiries()).toEqual(before.slice(2));
  await db
    .updateTable('passkey_challenges')
    .set({ expires_at: sql`now() - interval '1 second'` })
    .execute();
  await beginSignIn(visitor);
  expect(await expiries()).toHaveLength(1);
});
