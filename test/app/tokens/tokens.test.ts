import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../../app/app.ts';
import { setPassword } from '../../../app/auth/operator.service.ts';
import { meResponse } from '../../../app/auth/auth.schema.ts';
import { pageLink } from '../../../app/http/page-link.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { newToken } from '../../../app/tokens/token-format.ts';
import { MAX_TOKENS } from '../../../app/tokens/tokens.limits.ts';
import { tokenList } from '../../../app/tokens/tokens.schema.ts';
import { resetLink, userList } from '../../../app/users/users.schema.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, ORIGIN, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { makeToken, program, programOf } from '../../support/servers/tokens.ts';

let app: TestApp;
let aino: Visitor;
let guest: Visitor;
let name: string;
let count = 0;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off', TRUST_PROXY: '1' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  await app.deps.db.deleteFrom('rate_limits').execute();
  name = `guest-${count++}`;
  guest = await app.member(aino, name);
});

const bearer = (token: string, cookie?: string) => program(app, `Bearer ${token}`, cookie);
const list = async (of: Visitor) => tokenList.parse(await (await of.request('/api/tokens')).json()).items;
const idOf = async (username: string) =>
  userList
    .parse(await (await aino.request('/api/users')).json())
    .items.find((one) => one.username === username)?.id ?? '';
const wanted = { name: 'bot', scopes: ['read'], currentPassword: PASSWORD };

describe('a token', () => {
  it('calls the API as its user, from any origin, and is given no cookie', async () => {
    const { token } = await makeToken(guest, ['read', 'upload', 'edit']);
    const added = await bearer(token).upload(await picture(), 'meme.png');
    expect(added.status).toBe(201);
    expect(added.headers.getSetCookie()).toEqual([]);
    const { id, owner } = mediaItem.parse(await added.json());
    expect(owner.username).toBe(name);
    const shared = await bearer(token).send('POST', '/api/shares', { itemIds: [id] });
    expect(shared.status).toBe(201);
    expect((await bearer(token).send('DELETE', `/api/media/${id}`)).status).toBe(204);
    expect((await program(app, `bEARER   ${token} `).send('GET', '/api/media')).status).toBe(200);
  });

  it('is shown once, and stored as its SHA-256', async () => {
    const { token, item } = await makeToken(guest, ['read'], { name: '  ShareX at home ' });
    expect(item).toMatchObject({
      name: 'ShareX at home',
      scopes: ['read'],
      expiresAt: null,
      lastUsedAt: null,
    });
    expect(await list(guest)).toEqual([item]);
    const rows = await app.deps.db.selectFrom('api_tokens').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token.slice(4));
    expect(rows.map((row) => row.token_hash)).toContain(createHash('sha256').update(token).digest('hex'));
  });

  it('is the business of its user alone', async () => {
    const { item } = await makeToken(guest, ['read']);
    expect((await list(aino)).map(({ id }) => id)).not.toContain(item.id);
    expect(await outcome(await aino.send('DELETE', `/api/tokens/${item.id}`))).toBe('404 not_found');
    expect(await list(guest)).toHaveLength(1);
  });

  it('ends at once when it is revoked', async () => {
    const { token, item } = await makeToken(guest, ['read']);
    expect((await bearer(token).send('GET', '/api/media')).status).toBe(200);
    expect((await guest.send('DELETE', `/api/tokens/${item.id}`)).status).toBe(204);
    expect(await outcome(await bearer(token).send('GET', '/api/media'))).toBe('401 token_invalid');
    expect(await list(guest)).toEqual([]);
  });

  it('says when and from what address it was used, written at most once a minute', async () => {
    const { token } = await makeToken(guest, ['read']);
    const use = (address: string) =>
      app.visitor().request('/api/media', {
        headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': address },
      });
    const written = async () => (await list(guest))[0];
    await use('192.0.2.1');
    expect(await written()).toMatchObject({ lastAddress: '192.0.2.1', lastUsedAt: expect.any(String) });
    // The minute ends later than any machine takes for the next request.
    await app.deps.db
      .updateTable('api_tokens')
      .set({ last_used_at: sql`now() + interval '1 hour'` })
      .execute();
    await use('192.0.2.2');
    expect(await written()).toMatchObject({ lastAddress: '192.0.2.1' });
    await app.deps.db
      .updateTable('api_tokens')
      .set({ last_used_at: sql`now() - interval '61 seconds'` })
      .execute();
    await use('2001:db8:1:2:3::4');
    expect(await written()).toMatchObject({ lastAddress: expect.stringContaining('2001:db8:1:2') });
  });

  it('does not end with a sign-out or a password that the user changes', async () => {
    const { token } = await makeToken(guest, ['read']);
    const password = 'four words in a row';
    await guest.send('PATCH', '/api/auth/password', { currentPassword: PASSWORD, password });
    await guest.send('DELETE', '/api/auth/sessions');
    expect((await bearer(token).send('GET', '/api/media')).status).toBe(200);
  });
});

describe('a token that is worth nothing', () => {
  const refused = async (token: string) => {
    const answer = await bearer(token).send('GET', '/api/media');
    return [await outcome(answer), answer.headers.get('www-authenticate')];
  };
  const REFUSAL = ['401 token_invalid', 'Bearer error="invalid_token"'];

  it('answers the same whatever is wrong with it', async () => {
    const answers = new Set<string>();
    const { token: expired, item } = await makeToken(guest, ['read'], { expiresInDays: 1 });
    await app.deps.db
      .updateTable('api_tokens')
      .set({ expires_at: sql`now()` })
      .where('id', '=', item.id)
      .execute();
    for (const token of ['', 'x', 'two words', newToken(), expired, `${expired}0`]) {
      const answer = await bearer(token).send('GET', '/api/media');
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      const { requestId: _id, ...error } = await answer.json();
      answers.add(JSON.stringify(error));
    }
    expect(answers.size).toBe(1);
    expect(await list(guest)).toMatchObject([{ expired: true }]);
  });

  it('never falls back to the cookie, nor for a route that is open to everybody', async () => {
    const answer = await bearer(newToken(), guest.cookie()).send('GET', '/api/media');
    expect(await outcome(answer)).toBe('401 token_invalid');
    const change = await bearer('nonsense', guest.cookie()).send('DELETE', '/api/auth/sessions');
    expect(await outcome(change)).toBe('401 token_invalid');
    expect((await guest.request('/api/media')).status).toBe(200);
    expect(await outcome(await bearer('x').send('GET', '/api/auth/me'))).toBe('401 token_invalid');
  });

  it('acts as its own user beside the cookie of another', async () => {
    const { token } = await makeToken(guest, ['read']);
    const answer = await bearer(token, aino.cookie()).send('GET', '/api/auth/me');
    expect(meResponse.parse(await answer.json()).user?.username).toBe(name);
  });

  it('leaves the cookie in force beside another scheme, such as that of a proxy', async () => {
    const answer = await guest.request('/api/media', { headers: { authorization: 'Basic YTpi' } });
    expect(answer.status).toBe(200);
  });

  it('is what a disabled user has, also after the user is enabled', async () => {
    const { token } = await makeToken(guest, ['read']);
    const id = await idOf(name);
    await aino.send('PATCH', `/api/users/${id}`, { disabled: true });
    expect(await refused(token)).toEqual(REFUSAL);
    await aino.send('PATCH', `/api/users/${id}`, { disabled: false });
    expect(await refused(token)).toEqual(REFUSAL);
  });

  it('is what a user has whose row alone says disabled', async () => {
    const { token } = await makeToken(guest, ['read']);
    await app.deps.db
      .updateTable('users')
      .set({ disabled_at: sql`now()` })
      .where('username', '=', name)
      .execute();
    expect(await refused(token)).toEqual(REFUSAL);
  });

  it('is what the link of an admin or the operator leaves, who set the password', async () => {
    const { token } = await makeToken(guest, ['read']);
    const reset = await aino.send('POST', `/api/users/${await idOf(name)}/reset`);
    const { code } = resetLink.parse(await reset.json());
    expect((await bearer(token).send('GET', '/api/media')).status).toBe(200);
    const again = app.visitor();
    await again.send('POST', '/api/auth/reset', { code, password: PASSWORD });
    expect(await refused(token)).toEqual(REFUSAL);
    const { token: second } = await makeToken(again, ['read']);
    await setPassword(app.deps.db, name, 'four words in a row');
    expect(await refused(second)).toEqual(REFUSAL);
  });

  it('is what a deleted account leaves', async () => {
    const { token } = await makeToken(guest, ['read']);
    await app.deps.db
      .deleteFrom('invites')
      .where('used_by', '=', await idOf(name))
      .execute();
    await app.deps.db.deleteFrom('users').where('username', '=', name).execute();
    expect(await refused(token)).toEqual(REFUSAL);
  });

  it('is refused in an address, and told why', async () => {
    const { token } = await makeToken(guest, ['read']);
    for (const query of [`access_token=${token}`, `key=${token}`, 'access_token=x']) {
      const answer = await guest.request(`/api/media?${query}`);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        code: 'token_in_query',
        message: expect.stringContaining('Addresses are logged'),
      });
    }
    expect((await guest.request('/api/media?q=mmk_koira')).status).toBe(200);
  });

  it('counts by its address: after 30 failures 429, and good tokens still work from there', async () => {
    const { token } = await makeToken(guest, ['read']);
    const from = (address: string, authorization: string) =>
      createApp(app.deps).request(`${ORIGIN}/api/media`, {
        headers: { authorization, 'x-forwarded-for': address },
      });
    let limited: Response;
    let failures = -1;
    // A slow machine gains a failure more each minute.
    do {
      limited = await from('192.0.2.9', `Bearer ${newToken()}`);
      failures += 1;
    } while (limited.status === 401);
    expect(failures).toBeGreaterThanOrEqual(30);
    expect([await outcome(limited.clone()), Number(limited.headers.get('retry-after')) > 0]).toEqual([
      '429 too_many_attempts',
      true,
    ]);
    expect((await from('192.0.2.9', `Bearer ${token}`)).status).toBe(200);
    expect((await from('192.0.2.10', 'Bearer x')).status).toBe(401);
  });
});

describe('the role of a token', () => {
  it('is that of a member without the scope admin', async () => {
    const item = mediaItem.parse(await (await guest.upload(await picture(), 'meme.png')).json());
    const edits = await programOf(app, aino, 'read', 'edit');
    expect(await outcome(await edits.send('DELETE', `/api/media/${item.id}`))).toBe('403 not_allowed');
    const both = await programOf(app, aino, 'edit', 'admin');
    expect(await outcome(await both.send('DELETE', `/api/media/${item.id}`))).toBe('204');
  });

  it('is cut to the role of today', async () => {
    const id = await idOf(name);
    await aino.send('PATCH', `/api/users/${id}`, { role: 'admin' });
    const { token } = await makeToken(guest, ['read', 'admin']);
    expect((await bearer(token).send('GET', '/api/users')).status).toBe(200);
    await aino.send('PATCH', `/api/users/${id}`, { role: 'member' });
    expect(await outcome(await bearer(token).send('GET', '/api/users'))).toBe('403 scope_missing');
    expect((await bearer(token).send('GET', '/api/media')).status).toBe(200);
    expect((await list(guest))[0]?.scopes).toEqual(['read']);
  });
});

describe('making a token', () => {
  it('needs the password again, which is limited as at sign-in', async () => {
    const make = (currentPassword: string) =>
      guest.send('POST', '/api/tokens', { ...wanted, currentPassword });
    for (let guess = 0; guess < 10; guess++)
      expect(await outcome(await make('not the password'))).toBe('422 wrong_password');
    expect(await outcome(await make(PASSWORD))).toBe('429 too_many_attempts');
    const change = { currentPassword: PASSWORD, password: 'four words in a row' };
    expect(await outcome(await guest.send('PATCH', '/api/auth/password', change))).toBe(
      '429 too_many_attempts',
    );
    expect(await list(guest)).toEqual([]);
  });

  it('gives the scope admin to admins only', async () => {
    const admin = { ...wanted, scopes: ['read', 'admin'] };
    expect(await outcome(await guest.send('POST', '/api/tokens', admin))).toBe('403 not_allowed');
    expect(await outcome(await aino.send('POST', '/api/tokens', admin))).toBe('201');
  });

  it.each([
    [{ scopes: [] }],
    [{ scopes: ['write'] }],
    [{ scopes: 'read' }],
    [{ name: ' ' }],
    [{ name: 'x'.repeat(61) }],
    [{ expiresInDays: 0 }],
    [{ expiresInDays: 367 }],
    [{ expiresInDays: 1.5 }],
    [{ currentPassword: undefined }],
  ])('refuses %j', async (wrong) => {
    const answer = await guest.send('POST', '/api/tokens', { ...wanted, ...wrong });
    expect(await outcome(answer)).toBe('422 invalid_field');
  });

  it('orders the scopes, and names each once', async () => {
    expect((await makeToken(guest, ['edit', 'read', 'edit'])).item.scopes).toEqual(['read', 'edit']);
  });

  it('ends at a number of tokens, also for many requests at once', async () => {
    await app.deps.db
      .insertInto('api_tokens')
      .values(
        await Promise.all(
          Array.from({ length: MAX_TOKENS - 1 }, async (_, index) => ({
            id: crypto.randomUUID(),
            user_id: await idOf(name),
            token_hash: `${name} ${index}`,
            name: 'bot',
            scopes: ['read'],
          })),
        ),
      )
      .execute();
    const answers = await Promise.all([1, 2, 3].map(() => guest.send('POST', '/api/tokens', wanted)));
    const outcomes = await Promise.all(answers.map(outcome));
    expect(outcomes.toSorted()).toEqual(['201', '409 too_many_tokens', '409 too_many_tokens']);
    const [first] = await list(guest);
    await guest.send('DELETE', `/api/tokens/${first?.id}`);
    expect(await outcome(await guest.send('POST', '/api/tokens', wanted))).toBe('201');
  });
});

it('makes links at the address of the request, whatever Origin a program sends', async () => {
  const { token } = await makeToken(guest, ['upload', 'edit']);
  const { id } = mediaItem.parse(await (await bearer(token).upload(await picture(), 'meme.png')).json());
  const withoutPublicUrl = createApp({ ...app.deps, pageLink: pageLink(undefined) });
  const answer = await withoutPublicUrl.request(`${ORIGIN}/api/shares`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      origin: 'https://elsewhere.test',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ itemIds: [id] }),
  });
  const { share } = shareAnswer.parse(await answer.json());
  expect(share.url).toBe(`${ORIGIN}/s/${share.code}`);
});
