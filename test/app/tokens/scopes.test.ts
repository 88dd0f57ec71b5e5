import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { TOKEN_SCOPES } from '../../../app/http/scopes.limits.ts';
import { outcome } from '../../support/errors.ts';
import { createTestApp, PASSWORD, type Visitor } from '../../support/servers/app.ts';
import { sample, schema } from '../../support/servers/samples.ts';
import { addressOf } from '../../support/servers/things.ts';
import { programOf, type Program } from '../../support/servers/tokens.ts';

// Takes every route and its scope from the API document, as access.test.ts takes its access.

const app = await createTestApp({ OCR: 'off' });
afterAll(() => app[Symbol.asyncDispose]());
const admin = await app.admin();
// A route of a user takes this one.
await app.member(admin, 'member');
const operations = (await app.operations()).map((one) => ({ ...one, name: `${one.method} ${one.path}` }));
const namesOf = (scope: string) =>
  operations
    .filter((one) => one['x-scope'] === scope)
    .map(({ name }) => name)
    .toSorted();

describe('the scopes of the API', () => {
  it('keep tokens from everything that lets somebody in, and from other secrets', () => {
    expect(namesOf('none')).toEqual([
      'DELETE /api/auth/sessions',
      'DELETE /api/auth/sessions/{id}',
      'DELETE /api/invites/{id}',
      'DELETE /api/passkeys/{id}',
      'DELETE /api/tokens/{id}',
      'GET /api/auth/sessions',
      'GET /api/events',
      'GET /api/invites',
      'GET /api/passkeys',
      'GET /api/tokens',
      'PATCH /api/auth/password',
      'PATCH /api/passkeys/{id}',
      'PATCH /api/users/{id}',
      'POST /api/account/close',
      'POST /api/auth/login',
      'POST /api/auth/logout',
      'POST /api/auth/passkey',
      'POST /api/auth/passkey/options',
      'POST /api/auth/register',
      'POST /api/auth/reset',
      'POST /api/auth/reset/check',
      'POST /api/invites',
      'POST /api/invites/check',
      'POST /api/nightly',
      'POST /api/passkeys',
      'POST /api/passkeys/options',
      'POST /api/tokens',
      'POST /api/users/{id}/reset',
    ]);
  });

  it('let a token add items by a file, in parts or by an address, and follow what it began', () => {
    expect(namesOf('upload')).toEqual([
      'DELETE /api/media/from-url/{id}',
      'DELETE /api/uploads/{id}',
      'GET /api/media/from-url',
      'GET /api/media/from-url/{id}',
      'GET /api/uploads/{id}',
      'PATCH /api/uploads/{id}',
      'POST /api/media',
      'POST /api/media/from-url',
      'POST /api/uploads',
    ]);
  });

  it('let a token read by GET, and take an archive', () => {
    const others = namesOf('read').filter((name) => !name.startsWith('GET '));
    expect(others).toEqual(['POST /api/media/zip']);
    const edits = namesOf('edit').filter((name) => name.startsWith('GET '));
    expect(edits).toEqual([]);
  });

  it('let every token do what needs no sign-in, and are of admins where the route is', () => {
    const pairs = new Set(operations.map((one) => `${one['x-access']}: ${one['x-scope']}`));
    expect([...pairs].toSorted()).toEqual([
      'admin: admin',
      'admin: none',
      'member: edit',
      'member: none',
      'member: read',
      'member: upload',
      'open: any',
      'open: none',
      'owner: edit',
      'owner: none',
      'owner: read',
    ]);
  });
});

/** The routes before the session middleware, which look at no token. */
const beforeTokens = (path: string) =>
  !path.startsWith('/api/') || /^\/api\/(health|ready|files|oembed|metrics)/.test(path);

describe.each(operations.filter(({ path }) => !beforeTokens(path)))(
  '$name',
  ({ method, path, requestBody, 'x-scope': scope }) => {
    let by: Visitor;
    let address: string;
    const json = requestBody?.content['application/json']?.schema;
    const body = json && sample(schema.parse(json), randomUUID());

    beforeAll(async () => {
      await app.deps.db.deleteFrom('api_tokens').execute();
      by = app.visitor();
      await by.send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
      address = await addressOf(path, by, admin);
    });

    const send = (from: Program) => from.send(method, address, body);

    it('lets a token in by its scope alone', async () => {
      const without = TOKEN_SCOPES.filter((one) => one !== scope);
      const answer = await send(await programOf(app, by, ...without));
      if (scope === 'none') {
        expect(await outcome(answer)).toBe('403 token_not_allowed');
        return;
      }
      const withIt = await programOf(app, by, ...(scope === 'any' ? without : [scope]));
      if (scope !== 'any') {
        const error = errorBody.parse(await answer.json());
        expect([answer.status, error.code, error.details]).toEqual([403, 'scope_missing', { scope }]);
        expect(error.message).toContain(scope);
        expect(answer.headers.get('www-authenticate')).toBe(
          `Bearer error="insufficient_scope", scope="${scope}"`,
        );
      }
      const { status } = await send(withIt);
      expect([401, 403]).not.toContain(status);
    });
  },
);
