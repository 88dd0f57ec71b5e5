import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { MAX_TEXT_UNITS } from '../../../app/media/media.limits.ts';
import { mediaItem, mediaList, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
let item: MediaItem;
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  item = mediaItem.parse(await (await aino.upload(await picture(), 'a.png')).json());
});
afterAll(() => app[Symbol.asyncDispose]());

const UNKNOWN = '01900000-0000-7000-8000-000000000000';
const codeOf = async (response: Response) => errorBody.parse(await response.json()).code;

it('GET /api/media/:id answers the item', async () => {
  expect(mediaItem.parse(await (await aino.request(`/api/media/${item.id}`)).json())).toEqual(item);
});

describe('PATCH /api/media/:id', () => {
  it('changes title and description, each alone', async () => {
    const titled = await (await aino.send('PATCH', `/api/media/${item.id}`, { title: ' Kissa ' })).json();
    expect(titled).toMatchObject({ title: 'Kissa', description: '' });
    const described = await (
      await aino.send('PATCH', `/api/media/${item.id}`, { description: 'öinen' })
    ).json();
    expect(described).toMatchObject({ title: 'Kissa', description: 'öinen' });
  });

  it('corrects the text of the picture, which marks it as edited and is found at once', async () => {
    const finds = async (q: string) => {
      const list = mediaList.parse(
        await (await aino.request(`/api/media?q=${encodeURIComponent(q)}`)).json(),
      );
      return list.items.map(({ id }) => id);
    };
    expect(item).toMatchObject({ text: '', textEdited: false });
    const text = ' Lumilinna\n sulaa ';
    const edited = await (await aino.send('PATCH', `/api/media/${item.id}`, { text })).json();
    expect(edited).toMatchObject({ text: 'Lumilinna\n sulaa', textEdited: true, title: 'Kissa' });
    expect(await finds('lumilinnat')).toEqual([item.id]);
    const none = await (await aino.send('PATCH', `/api/media/${item.id}`, { text: '' })).json();
    expect(none).toMatchObject({ text: '', textEdited: true });
    expect(await finds('lumilinna')).toEqual([]);
  });

  it('takes a text as long as it may be, whatever its characters', async () => {
    const text = '\u0001\u{1f600}'.repeat(6666);
    const response = await aino.send('PATCH', `/api/media/${item.id}`, { text });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ text });
  });

  it.each([
    [{ text: 'x'.repeat(MAX_TEXT_UNITS + 1) }, 'text'],
    [{ text: null }, 'text'],
    [{ title: 5 }, 'title'],
    [{ title: 'x'.repeat(201) }, 'title'],
    [{ description: 'x'.repeat(2001) }, 'description'],
  ])('names the field that does not fit: %j', async (patch, field) => {
    const response = await aino.send('PATCH', `/api/media/${item.id}`, patch);
    expect(response.status).toBe(422);
    const body = errorBody.parse(await response.json());
    expect(Object.keys(body.details?.fields ?? {})).toEqual([field]);
  });
});

describe('GET /api/media/known/:sha256', () => {
  it('knows what is here before a byte is sent', async () => {
    const bytes = await (await aino.request(item.url)).arrayBuffer();
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    expect(await (await aino.request(`/api/media/known/${digest}`)).json()).toEqual({
      id: item.id,
      alike: null,
    });
    expect(await (await aino.request(`/api/media/known/${'0'.repeat(64)}`)).json()).toEqual({
      id: null,
      alike: null,
    });
  });

  it('takes nothing but a hash', async () => {
    expect((await aino.request('/api/media/known/ABC')).status).toBe(404);
  });
});

describe('DELETE /api/media/:id', () => {
  it('puts it into the trash, from where it comes back', async () => {
    expect((await aino.send('DELETE', `/api/media/${item.id}`)).status).toBe(204);
    expect((await aino.send('DELETE', `/api/media/${item.id}`)).status).toBe(204);
    expect(await (await aino.request('/api/media')).json()).toMatchObject({ items: [] });
    expect(await (await aino.request(`/api/media/${item.id}`)).json()).toMatchObject({
      deletedAt: expect.stringMatching(/^\d{4}-/),
    });
    const restored = mediaItem.parse(await (await aino.send('POST', `/api/media/${item.id}/restore`)).json());
    expect(restored.deletedAt).toBeNull();
    expect(await (await aino.request('/api/media')).json()).toMatchObject({ items: [{ id: item.id }] });
  });
});

describe('an unknown id', () => {
  it.each([UNKNOWN, 'nonsense', '..%2F..%2Fetc', "1'%20or%201=1", '%00'])(
    '%s is a 404 everywhere',
    async (id) => {
      const calls: [string, string, unknown?][] = [
        ['GET', `/api/media/${id}`],
        ['PATCH', `/api/media/${id}`, { title: 'x' }],
        ['DELETE', `/api/media/${id}`],
        ['POST', `/api/media/${id}/restore`],
      ];
      for (const [method, path, body] of calls) {
        const response = await aino.send(method, path, body);
        expect(response.status, `${method} ${path}`).toBe(404);
        expect(await codeOf(response)).toBe('not_found');
      }
    },
  );
});

it('tells strangers nothing', async () => {
  const stranger = app.visitor();
  for (const path of ['/api/media', `/api/media/${item.id}`, `/api/media/known/${'0'.repeat(64)}`]) {
    const response = await stranger.request(path);
    expect(response.status).toBe(401);
    expect(await codeOf(response)).toBe('not_signed_in');
  }
});
