import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, PASSWORD, type Visitor } from '../../support/servers/app.ts';
import { outcome } from '../../support/errors.ts';
import { sample, schema } from '../../support/servers/samples.ts';
import { addressOf } from '../../support/servers/things.ts';

// Takes every route and its access from the API document. The openapi test compares the document
// with the routes of the app.

const app = await createTestApp({ OCR: 'off' });
afterAll(() => app[Symbol.asyncDispose]());
await app.admin();
const operations = (await app.operations()).map((one) => ({ ...one, name: `${one.method} ${one.path}` }));

describe('the access of the API', () => {
  it('is open for these routes only', () => {
    const open = operations.filter((one) => one['x-access'] === 'open').map(({ name }) => name);
    expect(open.toSorted()).toEqual([
      'GET /api/auth/me',
      'GET /api/docs',
      'GET /api/files/{key}',
      'GET /api/health',
      'GET /api/metrics',
      'GET /api/oembed',
      'GET /api/openapi.json',
      'GET /api/ready',
      'GET /s/{code}',
      'GET /s/{code}/card.jpg',
      'GET /s/{code}/download/{n}',
      'GET /s/{code}/file/{n}',
      'GET /s/{code}/poster/{n}',
      'GET /s/{code}/preview/{n}',
      'GET /s/{code}/{n}',
      'GET /s/{code}/{n}/card.jpg',
      'POST /api/auth/login',
      'POST /api/auth/passkey',
      'POST /api/auth/passkey/options',
      'POST /api/auth/register',
      'POST /api/auth/reset',
      'POST /api/auth/reset/check',
      'POST /api/invites/check',
      'POST /api/nightly',
      'POST /share',
    ]);
  });

  it('is for admins under these paths, and for changes of a tag', () => {
    const ofAdmins = operations.filter(
      ({ method, path }) =>
        /^\/api\/(admin|users)(\/|$)/.test(path) || (path.startsWith('/api/tags/{name}') && method !== 'GET'),
    );
    expect(ofAdmins.length).toBeGreaterThan(9);
    expect([...new Set(ofAdmins.map((one) => one['x-access']))]).toEqual(['admin']);
  });
});

describe.each(operations)('$name', ({ method, path, requestBody, 'x-access': access }) => {
  let nobody: Visitor;
  let member: Visitor;
  let owner: Visitor;
  let admin: Visitor;
  let address: string;
  const json = requestBody?.content['application/json']?.schema;
  const body = json && sample(schema.parse(json), randomUUID());

  beforeAll(async () => {
    nobody = app.visitor();
    admin = app.visitor();
    await admin.send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
    owner = await app.member(admin, `owner-${randomUUID().slice(0, 8)}`);
    member = await app.member(admin, `member-${randomUUID().slice(0, 8)}`);
    address = await addressOf(path, owner, admin);
  });

  const answer = async (visitor: Visitor) => outcome(await visitor.send(method, address, body));
  const refusals = ['401 not_signed_in', '403 not_allowed'];

  it('lets in who may, and nobody else', async () => {
    // Call as a member before owner and admin: those calls may end the item.
    const [byNobody, byMember] = [await answer(nobody), await answer(member)];
    if (access === 'open') {
      expect(refusals).not.toContain(byNobody);
      return;
    }
    expect(byNobody).toBe('401 not_signed_in');
    if (access === 'member') expect(refusals).not.toContain(byMember);
    else expect(byMember).toBe('403 not_allowed');
    const byOwner = await answer(owner);
    if (access === 'admin') expect(byOwner).toBe('403 not_allowed');
    else expect(refusals).not.toContain(byOwner);
    expect(refusals).not.toContain(await answer(admin));
    expect(await answer(nobody)).toBe('401 not_signed_in');
  });
});
