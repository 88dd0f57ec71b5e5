import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../../../app/app.ts';
import { accessOf } from '../../../app/http/access.ts';
import { createContract, type Operation } from '../../support/servers/contract.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { addressOf } from '../../support/servers/things.ts';

let app: TestApp;
let aino: Visitor;
let operations: readonly Operation[];
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  operations = await app.operations();
});
afterAll(() => app[Symbol.asyncDispose]());

const read = async () => z.looseObject({}).parse(await (await aino.request('/api/openapi.json')).json());
const nameOf = ({ method, path }: { method: string; path: string }) =>
  `${method} ${path.replace(/\{(\w+)\}/g, ':$1').replace(/(?<=.)\/$/, '')}`;
const operation = (name: string) => operations.find((one) => nameOf(one) === name);

/** The errors of the session middleware. */
const TOKEN_ERRORS = ['token_invalid', 'token_in_query', 'too_many_attempts'];

describe('the API document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const document = await read();
    expect(document['openapi']).toMatch(/^3\.1\./);
    expect(await new Validator().validate(document)).toEqual({ valid: true });
  });

  it('has every route with its guard, which is the first middleware', () => {
    const routes = new Map<string, string>();
    // Middleware of whole parts of the app has the method ALL. `GET /*` serves the pages.
    for (const route of createApp(app.deps).routes)
      if (route.method !== 'ALL' && route.path !== '/*' && !routes.has(nameOf(route)))
        routes.set(nameOf(route), accessOf(route.handler) ?? 'no guard');
    expect(Object.fromEntries(operations.map((one) => [nameOf(one), one['x-access']]))).toEqual(
      Object.fromEntries(routes),
    );
  });

  it('names and summarises every operation', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('getMediaKnownBySha256');
    for (const { operationId, summary, responses } of operations) {
      expect([operationId, /^\w{4,}$/.test(operationId), summary.length > 3]).toEqual([
        operationId,
        true,
        true,
      ]);
      expect([operationId, Object.keys(responses).some((status) => status < '400')]).toEqual([
        operationId,
        true,
      ]);
    }
  });

  it('has the parameters of every path', () => {
    for (const { path, parameters } of operations)
      expect([
        path,
        parameters.filter((one) => one.in === 'path' && one['required'] === true).map(({ name }) => name),
      ]).toEqual([path, [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)]);
  });

  it('takes parameters, bodies and answers from the wire schemas', () => {
    expect(operation('POST /api/auth/login')).toMatchObject({
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { required: ['username', 'password'] } } },
      },
      responses: {
        200: { content: { 'application/json': { schema: { required: ['id', 'username', 'role'] } } } },
      },
    });
    expect(operation('GET /api/media')).toMatchObject({
      security: [{ session: [] }, { token: ['read'] }],
      parameters: expect.arrayContaining([
        expect.objectContaining({
          name: 'limit',
          in: 'query',
          schema: expect.objectContaining({ maximum: 100 }),
        }),
      ]),
    });
    expect(operation('POST /api/media')?.requestBody).toMatchObject({
      required: true,
      content: {
        'multipart/form-data': {
          schema: { required: ['file'], properties: { title: {}, tags: {}, file: { format: 'binary' } } },
        },
      },
    });
    expect(operation('POST /api/media/:id/reprocess')?.requestBody?.required).toBe(false);
    expect(operation('DELETE /api/invites/:id')).toMatchObject({
      'x-access': 'owner',
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
      responses: { 204: {} },
    });
  });

  it.each([
    ['GET /api/health', ['internal']],
    ['GET /api/files/:key', ['not_found', 'invalid_field', 'unavailable', 'internal']],
    [
      'GET /api/tags',
      [
        ...TOKEN_ERRORS,
        'scope_missing',
        'unavailable',
        'not_signed_in',
        'passkey_required',
        'invalid_field',
        'internal',
      ],
    ],
    [
      'PATCH /api/admin/settings',
      [
        ...TOKEN_ERRORS,
        'scope_missing',
        'foreign_origin',
        'unavailable',
        'not_signed_in',
        'passkey_required',
        'not_allowed',
        'body_too_large',
        'invalid_json',
        'invalid_field',
        'body_missing',
        'internal',
      ],
    ],
    [
      'DELETE /api/invites/:id',
      [
        ...TOKEN_ERRORS,
        'token_not_allowed',
        'foreign_origin',
        'unavailable',
        'not_signed_in',
        'passkey_required',
        'not_allowed',
        'not_found',
        'invite_used',
        'internal',
      ],
    ],
  ])('has the errors of guard, middleware, validators and handler: %s', (name, codes) => {
    const listed = Object.entries(operation(name)?.responses ?? {})
      .filter(([status]) => status >= '400')
      .flatMap(
        ([, answer]) =>
          errorCodes.catch({}).parse(answer).content?.['application/json']?.schema.properties.code.enum ?? [],
      );
    expect(listed.toSorted()).toEqual(codes.toSorted());
  });

  it('refers to nothing that is not there', async () => {
    const text = JSON.stringify(await read());
    const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, name]) => name));
    expect([...references]).toEqual(['#/components/schemas/Error']);
  });

  it('is for everybody', async () => {
    expect((await app.visitor().request('/api/openapi.json')).status).toBe(200);
  });

  it('has the Bearer scheme, and the scope that a token needs for each route', async () => {
    expect(await read()).toMatchObject({
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    });
    expect(operation('POST /api/media')).toMatchObject({
      'x-scope': 'upload',
      security: [{ session: [] }, { token: ['upload'] }],
      description: 'For signed-in users. A token needs the scope `upload`.',
    });
    expect(operation('POST /api/tokens')).toMatchObject({
      'x-scope': 'none',
      security: [{ session: [] }],
      description: 'For signed-in users. No token may call it.',
    });
    for (const { operationId, security, 'x-access': access, 'x-scope': scope } of operations)
      expect([operationId, security]).toEqual([
        operationId,
        access === 'open' ? undefined : [{ session: [] }, ...(scope === 'none' ? [] : [{ token: [scope] }])],
      ]);
  });
});

const errorCodes = z.object({
  content: z
    .object({
      'application/json': z.object({
        schema: z.object({ properties: z.object({ code: z.object({ enum: z.array(z.string()) }) }) }),
      }),
    })
    .optional(),
});

describe('every answer of a test app', () => {
  it('is held against the document: each GET', async () => {
    for (const { operationId, method, path, responses } of operations) {
      if (method !== 'GET' || !('application/json' in (responses['200']?.content ?? {}))) continue;
      const address = await addressOf(path, aino, aino);
      expect([operationId, (await aino.request(address)).status]).toEqual([operationId, 200]);
    }
  });

  const answers = {
    'an undocumented status': [Response.json({}, { status: 418 }), /status 418 is not in the API document/],
    'another media type': [new Response('<p>'), /200 with "text\/plain" is not in/],
    'a missing property': [Response.json({ user: null }), /must have required property 'firstAccount'/],
    'a property too many': [
      Response.json({ user: null, firstAccount: true, secret: 1 }),
      /must NOT have additional properties/,
    ],
    'the code of another route': [
      Response.json({ code: 'tag_taken', message: '', requestId: '' }, { status: 503 }),
      /code must be equal to one of the allowed values/,
    ],
  } satisfies Record<string, [Response, RegExp]>;
  it.each(Object.entries(answers))('fails the test with %s', async (_name, [response, message]) => {
    const { check } = await createContract(createApp(app.deps));
    await expect(check('GET', '/api/auth/me', response)).rejects.toThrow(message);
  });

  it('passes as the document has it', async () => {
    const { check } = await createContract(createApp(app.deps));
    await check('GET', '/api/auth/me', Response.json({ user: null, firstAccount: true }));
    await check(
      'GET',
      '/api/files/x.png',
      new Response('bytes', { headers: { 'content-type': 'image/png' } }),
    );
    const known = Response.json({ id: null, alike: null });
    await check('GET', `/api/media/known/${'a'.repeat(64)}`, known);
    expect(known.bodyUsed).toBe(false);
  });
});
