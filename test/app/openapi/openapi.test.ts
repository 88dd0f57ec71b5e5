import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../../../app/app.ts';
import { accessOf } from '../../../app/http/access.ts';
import { OPERATIONS } from '../../../app/openapi/operations.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

const operation = z.looseObject({
  summary: z.string().min(3),
  responses: z.record(z.string(), z.unknown()),
});
const document = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operation)),
});
const read = async () => document.parse(await (await aino.request('/api/openapi.json')).json());

/** Returns the parameter names of a path, as routes and as the description write them. */
const namesIn = (path: string) => [...path.matchAll(/[:{](\w+)/g)].map(([, name]) => name);

describe('the list of operations', () => {
  it('has every route of the API and no other, each with the guard the route has', () => {
    const routes = new Map<string, string>();
    for (const { method, path, handler } of createApp(app.deps).routes) {
      const access = accessOf(handler);
      const name = `${method} ${path.replace(/^\/api/, '').replace(/(?<=.)\/$/, '')}`;
      if (access && path.startsWith('/api/') && !routes.has(name)) routes.set(name, access);
    }
    const listed = Object.entries(OPERATIONS).map(([name, { access }]) => [name, access]);
    expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(routes));
  });

  it('names the parameters that are in the paths', () => {
    for (const [name, { params }] of Object.entries(OPERATIONS))
      expect([name, Object.keys(params?.shape ?? {})]).toEqual([name, namesIn(name)]);
  });

  it('tells answers as they are', async () => {
    const { id } = z
      .object({ id: z.uuid() })
      .parse(await (await aino.upload(await picture(), 'meme.png')).json());
    const { code } = shareAnswer.parse(
      await (await aino.send('POST', '/api/shares', { itemIds: [id] })).json(),
    ).share;
    for (const [name, { answer, status }] of Object.entries(OPERATIONS)) {
      const [method = '', route = ''] = name.split(' ');
      if (method !== 'GET' || typeof answer === 'string') continue;
      const path = route.replace(':id', id).replace(':code', code).replace(':sha256', 'a'.repeat(64));
      const response = await aino.request(`/api${path}`);
      expect([name, response.status]).toEqual([name, status ?? 200]);
      const body = await response.json();
      // zod does not tell whether a schema is strict at every level. A body that parses to itself
      // has no extra fields.
      expect([name, answer?.parse(body)]).toEqual([name, body]);
    }
  });
});

describe('GET /api/openapi.json', () => {
  it('describes every operation by the wire schemas', async () => {
    const { openapi, paths } = await read();
    expect(openapi).toMatch(/^3\.1\./);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${path.replace('/api', '').replace(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    expect(described.toSorted()).toEqual(Object.keys(OPERATIONS).toSorted());
    expect(paths['/api/auth/login']?.['post']).toMatchObject({
      requestBody: {
        content: { 'application/json': { schema: { required: ['username', 'password'] } } },
      },
      responses: {
        200: { content: { 'application/json': { schema: { required: ['id', 'username', 'role'] } } } },
      },
    });
    expect(paths['/api/media']?.['get']).toMatchObject({
      security: [{ session: [] }],
      parameters: expect.arrayContaining([
        expect.objectContaining({ name: 'limit', in: 'query', required: false }),
      ]),
    });
    expect(paths['/api/media/{id}']?.['delete']).toMatchObject({
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
      responses: { 204: {} },
    });
  });

  it('refers to nothing that is not there', async () => {
    const text = JSON.stringify(await read());
    const schemas = z
      .object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
      .parse(JSON.parse(text)).components.schemas;
    for (const [, name] of text.matchAll(/"\$ref":"([^"]+)"/g))
      expect(Object.keys(schemas).map((key) => `#/components/schemas/${key}`)).toContain(name);
  });

  it('is for those who are signed in', async () => {
    expect((await app.visitor().request('/api/openapi.json')).status).toBe(401);
  });
});
