import { hc as honoClient } from 'hono/client';
import { describe, expect, it, vi } from 'vitest';
import { hc } from '../../../client/api/hono-client.ts';

/** Follows the names of a path in a client and calls its last. */
const callOf = (client: unknown, path: string[], args: unknown[]): unknown => {
  const parent = path.slice(0, -1).reduce((node, name) => Reflect.get(Object(node), name), Object(client));
  return Reflect.apply(Reflect.get(parent, path.at(-1) ?? ''), undefined, args);
};

describe('the client of the API in the build', () => {
  const { signal } = new AbortController();

  it.each<[what: string, path: string[], args: unknown[]]>([
    ['nothing', ['me', '$get'], []],
    ['no input, but options', ['me', '$get'], [undefined, { init: { signal } }]],
    ['a path parameter', ['media', ':id', '$delete'], [{ param: { id: 'k7' }, query: {} }]],
    ['parameters in the middle', ['tags', ':name', 'merge', '$post'], [{ param: { name: 'kissa%2Fä' } }]],
    ['several values', ['media', '$get'], [{ query: { tag: ['a', 'b&ä'], type: [] } }]],
    ['a query', ['media', '$get'], [{ query: { q: 'a b&ä', cursor: undefined } }, { init: { signal } }]],
    ['JSON', ['media', ':id', '$patch'], [{ param: { id: '1' }, json: { title: 'Öy', tags: [] } }]],
    ['JSON that is null', ['trash', '$put'], [{ json: null }]],
    [
      'headers of `fetch`',
      ['uploads', '$post'],
      [{}, { init: { headers: { 'upload-length': '1' }, signal } }],
    ],
  ])('makes the same request as Hono’s own of %s', async (_, path, args) => {
    const fetch = vi.fn<typeof globalThis.fetch>(async () => new Response('{}'));
    await callOf(honoClient('/', { fetch }), ['api', ...path], args);
    await callOf(hc('/', { fetch }), ['api', ...path], args);
    const [theirs, ours] = fetch.mock.calls.map((call: unknown[]) => {
      const { headers, method, body, ...rest } = Object(call[1]);
      return { address: call[0], headers: [...new Headers(headers)], method, body, ...rest };
    });
    expect(ours).toEqual(theirs);
  });

  it('is no promise, so that it can be awaited', async () => {
    const client = hc('/', { fetch });
    expect(await client).toBe(client);
  });
});
