import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mediaItem, mediaList } from '../../../app/media/media.schema.ts';
import { createTestApp, PASSWORD } from '../../support/servers/app.ts';
import { sample, schema, type Schema } from '../../support/servers/samples.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';

// Takes every string a client can send from the OpenAPI description. Sends strings that PostgreSQL
// cannot store, and strings that nobody means.

const app = await createTestApp({ OCR: 'off' });
afterAll(() => app[Symbol.asyncDispose]());
const aino = await app.admin();
const mediaIdOfAll = mediaItem.parse(
  await (await aino.upload(await picture(), 'a.png', { title: 'kissa', tags: 'kissa' })).json(),
).id;
await aino.upload(await picture(), 'b.png', { title: 'kissa' });

type Where = 'path' | 'query' | 'json' | 'form';
interface Input {
  method: string;
  path: string;
  where: Where;
  /** The name of a parameter, or the path of keys to the string in a body. */
  place: readonly (string | number)[];
  /** All parameters of the path, and the schema of the body that holds the string. */
  pathNames: readonly string[];
  body: Schema | undefined;
}

/** Returns the paths of all strings in a schema. */
function stringsIn(of: Schema, place: readonly (string | number)[] = []): (string | number)[][] {
  if (of.type === 'string') return of.format === 'binary' ? [] : [[...place]];
  return [
    ...(of.anyOf ?? []).flatMap((one) => stringsIn(one, place)),
    ...Object.entries(of.properties ?? {}).flatMap(([name, one]) => stringsIn(one, [...place, name])),
    ...(of.items ? stringsIn(of.items, [...place, 0]) : []),
  ];
}

const INPUTS: Input[] = (await app.operations()).flatMap(({ method, path, parameters, requestBody }) => {
  const pathNames = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const [[type, content] = []] = Object.entries(requestBody?.content ?? {});
  const body = content && schema.parse(content.schema);
  const common = { method, path, pathNames, body };
  const where = type === 'application/json' ? ('json' as const) : ('form' as const);
  return [
    ...parameters.flatMap((one) =>
      stringsIn(schema.parse(one.schema)).length > 0 ? [{ ...common, where: one.in, place: [one.name] }] : [],
    ),
    ...(body ? stringsIn(body).map((place) => ({ ...common, where, place })) : []),
  ];
});

/** Returns the value with another value at a path. Creates missing objects and lists on the way. */
function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof key === 'number') return [replaced(undefined, rest, by)];
  const object = z.record(z.string(), z.unknown()).catch({}).parse(value);
  return { ...object, [key]: replaced(object[key], rest, by) };
}

async function ask(input: Input, hostile: string, encoded?: string): Promise<Response> {
  const { method, path, where, place, pathNames, body } = input;
  const inAddress = () => encoded ?? encodeURIComponent(hostile);
  let address = path;
  for (const name of pathNames)
    address = address.replace(
      `{${name}}`,
      where === 'path' && name === place[0]
        ? inAddress()
        : encodeURIComponent(String(sample(name === 'id' ? { format: 'uuid' } : {}, mediaIdOfAll, name))),
    );
  if (where === 'query') address += `?${place[0]}=${inAddress()}`;
  if (where === 'form') {
    const form = new FormData();
    for (const [name, one] of Object.entries(body?.properties ?? {})) {
      if (one.format === 'binary') form.set(name, await picture(), 'x.png');
      else if (name === place[0]) form.set(name, hostile);
    }
    return aino.request(address, { method, body: form });
  }
  if (!body) return aino.request(address, { method });
  const content =
    where === 'json' ? replaced(sample(body, mediaIdOfAll), place, hostile) : sample(body, mediaIdOfAll);
  return aino.send(method, address, content);
}

const nameOf = ({ method, path, where, place }: Input) => `${method} ${path} ${where} ${place.join('.')}`;
const fresh = () => app.deps.db.deleteFrom('rate_limits').execute();

describe('every string of every route', () => {
  it('is found in the description: paths, queries, JSON and forms', () => {
    expect(INPUTS.length).toBeGreaterThan(45);
    expect(new Set(INPUTS.map(({ where }) => where)).size).toBe(4);
    const names = INPUTS.map(nameOf);
    for (const name of [
      'GET /api/media query by',
      'GET /api/media query q',
      'GET /api/media query tag',
      'POST /api/auth/login json username',
      'POST /api/tags/changes json add.0',
      'POST /api/media form title',
      'DELETE /api/tags/{name} path name',
    ])
      expect(names).toContain(name);
  });

  it.each(INPUTS.map((input) => [nameOf(input), input] as const))('refuses NUL: %s', async (_name, input) => {
    await fresh();
    const response = await ask(input, 'kis\0sa');
    // Only the presence of `download` counts, and no file has such a key.
    expect(response.status, await response.clone().text()).toBeGreaterThanOrEqual(400);
    expect(response.status, await response.clone().text()).toBeLessThan(500);
  });

  it.each(INPUTS.filter(({ where }) => where === 'json').map((input) => [nameOf(input), input] as const))(
    'refuses halves of surrogate pairs: %s',
    async (_name, input) => {
      for (const half of ['kis\ud800sa', '\udc00kissa', 'kissa\ud83d']) {
        await fresh();
        const response = await ask(input, half);
        expect(response.status, await response.clone().text()).toBeGreaterThanOrEqual(400);
        expect(response.status, await response.clone().text()).toBeLessThan(500);
      }
    },
  );

  it.each(INPUTS.map((input) => [nameOf(input), input] as const))(
    'never fails for what is long, invisible or not UTF-8: %s',
    async (_name, input) => {
      const long = 'x'.repeat(input.where === 'path' ? 8_000 : 70_000);
      await fresh();
      const refused = await ask(input, long);
      expect(refused.status, await refused.clone().text()).toBeGreaterThanOrEqual(400);
      expect(refused.status, await refused.clone().text()).toBeLessThan(500);
      for (const text of ['kis\u202esa', '\ufeff\u2066kissa', '\u0001\u007f', '\ufdd0\uffff', '👩‍👩‍👧‍👦', '']) {
        await fresh();
        const response = await ask(input, text);
        expect(response.status, await response.clone().text()).toBeLessThan(500);
      }
      // Half of a surrogate pair in UTF-8, and other invalid bytes.
      for (const bytes of ['%ED%A0%80', '%FF', '%C0%80', '%E0%A4%A']) {
        if (input.where !== 'path' && input.where !== 'query') continue;
        await fresh();
        expect((await ask(input, '', bytes)).status).toBeLessThan(500);
      }
    },
  );
});

describe('what is not in the description', () => {
  it('refuses a cursor with NUL or a half of a pair in its words', async () => {
    const list = mediaList.parse(await (await aino.request('/api/media?q=kissa&limit=1')).json());
    const cursor = Buffer.from(list.nextCursor ?? '', 'base64url').toString();
    const [id, print, tier] = z
      .tuple([z.string(), z.string(), z.number(), z.array(z.unknown())])
      .parse(JSON.parse(cursor));
    const answer = async (corrections: unknown) => {
      const forged = Buffer.from(JSON.stringify([id, print, tier, corrections])).toString('base64url');
      return outcome(await aino.request(`/api/media?q=kissa&limit=1&cursor=${forged}`));
    };
    expect(await answer([])).toBe('200');
    for (const word of ['kis\0sa', 'kis\ud800sa', 'x'.repeat(65), ''])
      for (const pair of [
        [word, 'kissa'],
        ['kissa', word],
      ])
        expect(await answer([pair])).toBe('400 invalid_cursor');
  });

  it.each(['%00', 'a%ED%A0%80', '%E2%80%AE', 'x'.repeat(4000), '..', '{}'])(
    'takes a cookie of %s for nobody',
    async (value) => {
      const headers = { cookie: `session=${value}; device=${value}` };
      expect(await outcome(await app.visitor().request('/api/media', { headers }))).toBe('401 not_signed_in');
      const login = await app.visitor().request('/api/auth/login', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'Nobody', password: PASSWORD }),
      });
      expect(await outcome(login)).toBe('401 wrong_credentials');
    },
  );

  it('keeps any user agent and request id that a header can have', async () => {
    const response = await app.visitor().request('/api/auth/login', {
      method: 'POST',
      headers: {
        'user-agent': `\u00ff\u0080${'x'.repeat(5000)}`,
        'x-request-id': '\u00ff'.repeat(70),
        'accept-language': '\u00ff',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ username: 'Aino', password: PASSWORD }),
    });
    expect(response.status).toBe(200);
  });

  it('takes names and values of a form as bytes, in UTF-8 or not', async () => {
    const boundary = 'b'.repeat(20);
    const field = (name: string, value: string) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    for (const [name, value, expected] of [
      ['title', 'kis\0sa', '422 invalid_field'],
      ['tags', 'kis\0sa', '422 invalid_field'],
      ['title', '\u00ed\u00a0\u0080', '201'],
      ['ti\0tle', '\u00ff', '201'],
    ] as const) {
      const file = Buffer.from(await (await picture()).arrayBuffer());
      const body = Buffer.concat([
        Buffer.from(field(name, value), 'latin1'),
        Buffer.from(
          `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="n\u00ed\u00a0\u0080.png"\r\n\r\n`,
          'latin1',
        ),
        file,
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ]);
      const response = await aino.request('/api/media', {
        method: 'POST',
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        body,
      });
      expect(await outcome(response), `${JSON.stringify(name)} ${JSON.stringify(value)}`).toBe(expected);
    }
  });
});
