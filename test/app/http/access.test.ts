import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../app/app.ts';
import { accessOf } from '../../../app/http/access.ts';
import { createdInvite } from '../../../app/invites/invites.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { personList } from '../../../app/users/users.schema.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';

/**
 * Access rule of a route: anybody, any signed-in user, the owner of the item (and admins), or
 * admins.
 */
type Access = 'open' | 'member' | 'owner' | 'admin';

/**
 * Every route of the app. A new route without an entry here fails the test. `:id` is replaced by an
 * item of the owner. `body` makes the call valid, for routes that validate before they check
 * access.
 */
const ROUTES: Record<
  string,
  { access: Access; body?: unknown; thing?: 'media' | 'invite' | 'share' | 'user' | 'none' }
> = {
  // The pages: client files, the same for everybody.
  'GET /*': { access: 'open' },
  'POST /share': { access: 'open' },
  'GET /api/health': { access: 'open' },
  'GET /api/ready': { access: 'open' },
  'GET /api/openapi.json': { access: 'member' },
  'GET /api/files/:key': { access: 'open' },
  'GET /api/auth/me': { access: 'open' },
  'POST /api/auth/register': { access: 'open', body: { username: 'Louhi', password: PASSWORD } },
  'POST /api/auth/login': { access: 'open', body: { username: 'Louhi', password: PASSWORD } },
  'POST /api/auth/reset': { access: 'open', body: { code: 'none', password: PASSWORD } },
  'POST /api/auth/reset/check': { access: 'open', body: { code: 'none' } },
  'POST /api/invites/check': { access: 'open', body: { code: 'none' } },
  'POST /api/auth/logout': { access: 'member' },
  'PATCH /api/auth/password': { access: 'member', body: { currentPassword: 'no', password: PASSWORD } },
  'GET /api/auth/sessions': { access: 'member' },
  'DELETE /api/auth/sessions': { access: 'member' },
  // Only the own one; another user's gives 404.
  'DELETE /api/auth/sessions/:id': { access: 'member', thing: 'none' },
  'GET /api/invites': { access: 'member' },
  'POST /api/invites': { access: 'member', body: {} },
  'DELETE /api/invites/:id': { access: 'owner', thing: 'invite' },
  'GET /api/media': { access: 'member' },
  'POST /api/media': { access: 'member' },
  'GET /api/media/known/:sha256': { access: 'member' },
  'GET /api/media/:id': { access: 'member', thing: 'media' },
  'PATCH /api/media/:id': { access: 'member', thing: 'media', body: { title: 'x' } },
  'PUT /api/media/:id/tags': { access: 'member', thing: 'media', body: { tags: [] } },
  'PUT /api/media/:id/file': { access: 'owner', thing: 'media' },
  'POST /api/media/:id/reprocess': { access: 'member', thing: 'media' },
  'GET /api/media/:id/clipboard': { access: 'member', thing: 'media' },
  'DELETE /api/media/:id': { access: 'owner', thing: 'media' },
  'POST /api/media/:id/restore': { access: 'owner', thing: 'media' },
  // Of the named items, these change only those the user may change.
  'POST /api/media/trash': { access: 'member', body: { ids: [randomUUID()] } },
  'POST /api/media/restore': { access: 'member', body: { ids: [randomUUID()] } },
  'POST /api/media/zip': { access: 'member' },
  'GET /api/search/people': { access: 'member' },
  'GET /api/search/suggestions': { access: 'member' },
  'GET /api/search/surprise': { access: 'member' },
  'GET /api/shares': { access: 'member' },
  'POST /api/shares': { access: 'member', body: { itemIds: [randomUUID()] } },
  'DELETE /api/shares': { access: 'member' },
  'POST /api/shares/link': { access: 'member', body: { itemId: randomUUID() } },
  'GET /api/shares/:code': { access: 'owner', thing: 'share' },
  'PATCH /api/shares/:code': { access: 'owner', thing: 'share', body: {} },
  'DELETE /api/shares/:code': { access: 'owner', thing: 'share' },
  'GET /api/tags': { access: 'member' },
  'POST /api/tags/changes': { access: 'member', body: { ids: [randomUUID()], add: ['x'] } },
  'GET /api/tags/related/:id': { access: 'member', thing: 'media' },
  'PATCH /api/tags/:name': { access: 'admin', body: { name: 'x' } },
  'POST /api/tags/:name/merge': { access: 'admin', body: { into: 'x' } },
  'DELETE /api/tags/:name': { access: 'admin' },
  'GET /api/users': { access: 'admin' },
  'PATCH /api/users/:id': { access: 'admin', thing: 'user', body: {} },
  'POST /api/users/:id/reset': { access: 'admin', thing: 'user' },
  'GET /api/admin/settings': { access: 'admin' },
  'PATCH /api/admin/settings': { access: 'admin', body: {} },
  'GET /api/admin/usage': { access: 'admin' },
  'GET /api/admin/jobs': { access: 'admin' },
  'POST /api/admin/jobs/retry': { access: 'admin', body: {} },
};

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

/** Middleware of whole parts of the app, and the API's 404 handler: no routes. */
const SURROUNDINGS = new Set(['/*', '/api/*', '/api/files/*']);

/** Lists the registered handlers and guards of the app. */
const registered = () =>
  createApp(app.deps).routes.filter(({ method, path }) => method !== 'ALL' || !SURROUNDINGS.has(path));

const nameOf = ({ method, path }: { method: string; path: string }) =>
  `${method} ${path === '/' ? path : path.replace(/\/$/, '')}`;

describe('the routes', () => {
  it('are all in the table, and the table has no others', () => {
    expect([...new Set(registered().map(nameOf))].toSorted()).toEqual(Object.keys(ROUTES).toSorted());
  });

  it('name the guard of their line, before anything else that they do', () => {
    const first = new Map<string, ReturnType<typeof accessOf>>();
    for (const route of registered().filter(({ path }) => path.startsWith('/api')))
      if (!first.has(nameOf(route))) first.set(nameOf(route), accessOf(route.handler));
    const guards = Object.entries(ROUTES)
      .filter(([name]) => name.includes(' /api'))
      .map(([name, { access }]) => [name, access === 'owner' ? 'member' : access]);
    expect(Object.fromEntries(first)).toEqual(Object.fromEntries(guards));
  });
});

describe.each(Object.entries(ROUTES))('%s', (name, { access, body, thing }) => {
  let nobody: Visitor;
  let member: Visitor;
  let owner: Visitor;
  let admin: Visitor;
  let path: string;
  const [method = '', pattern = ''] = name.split(' ');

  beforeAll(async () => {
    nobody = app.visitor();
    admin = app.visitor();
    await admin.send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
    owner = await app.member(admin, `owner-${randomUUID().slice(0, 8)}`);
    member = await app.member(admin, `member-${randomUUID().slice(0, 8)}`);
    path = pattern
      .replace(':id', await thingOf(owner, admin, thing === 'share' ? 'none' : thing))
      .replace(':code', thing === 'share' ? await shareOf(owner) : 'none')
      .replace(':sha256', 'a'.repeat(64))
      .replace(':key', `${randomUUID()}.png`);
  });

  const status = async (visitor: Visitor) => (await visitor.send(method, path, body)).status;
  const refused = [401, 403];

  it('lets in who may, and nobody else', async () => {
    // Call as a member before owner and admin: those calls may end the item.
    const [byNobody, byMember] = [await status(nobody), await status(member)];
    if (access === 'open') {
      // Registration and sign-in refuse with their own codes; anybody may call them.
      const own = name === 'POST /api/auth/register' ? [403] : name === 'POST /api/auth/login' ? [401] : [];
      expect(refused.filter((code) => !own.includes(code))).not.toContain(byNobody);
      return;
    }
    expect(byNobody).toBe(401);
    if (access === 'member') expect(refused).not.toContain(byMember);
    else expect(byMember).toBe(403);
    const byOwner = await status(owner);
    if (access === 'admin') expect(byOwner).toBe(403);
    else expect(refused).not.toContain(byOwner);
    expect(refused).not.toContain(await status(admin));
    expect(await status(nobody)).toBe(401);
  });
});

/** Shares an item of this user and returns the code of the share. */
async function shareOf(owner: Visitor): Promise<string> {
  const itemIds = [await thingOf(owner, owner, 'media')];
  return shareAnswer.parse(await (await owner.send('POST', '/api/shares', { itemIds })).json()).share.code;
}

async function thingOf(
  owner: Visitor,
  admin: Visitor,
  thing: 'media' | 'invite' | 'user' | 'none' = 'none',
): Promise<string> {
  if (thing === 'media')
    return mediaItem.parse(await (await owner.upload(await picture(), 'meme.png')).json()).id;
  if (thing === 'invite')
    return createdInvite.parse(await (await owner.send('POST', '/api/invites', {})).json()).id;
  if (thing === 'user') {
    const { items } = personList.parse(await (await admin.request('/api/users')).json());
    return items.find(({ role }) => role === 'member')?.id ?? '';
  }
  return randomUUID();
}
