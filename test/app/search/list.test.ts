import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem, mediaList, type MediaList } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
const ids: string[] = [];

/** Adds an item with a title and, as if OCR had read it, a text. */
async function add(title: string, text = ''): Promise<void> {
  const { id } = mediaItem.parse(await (await aino.upload(await picture(), 'a.png', { title })).json());
  await app.deps.db.updateTable('media').set({ text }).where('id', '=', id).execute();
  ids.push(id);
}

async function list(params: Record<string, string>): Promise<MediaList> {
  const response = await aino.request(`/api/media?${new URLSearchParams(params)}`);
  expect(response.status, await response.clone().text()).toBe(200);
  return mediaList.parse(await response.json());
}
const titles = async (q: string) => (await list({ q })).items.map((item) => item.title);

beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  await add('Aamukahvi', 'Hyvää huomenta\nkoirat');
  await add('Monday', 'when the dogs are running');
  await add('Kissa ja koira');
});
afterAll(() => app[Symbol.asyncDispose]());

describe('GET /api/media', () => {
  it('lists the newest first, without text', async () => {
    const { items, nextCursor } = await list({});
    expect(items.map((item) => item.id)).toEqual(ids.toReversed());
    expect(nextCursor).toBeNull();
    expect(items[0]).not.toHaveProperty('text');
  });

  it.each([
    ['huomenta', ['Aamukahvi']],
    ['HUOMENTA', ['Aamukahvi']],
    ['huom', ['Aamukahvi']],
    ['koira', ['Kissa ja koira', 'Aamukahvi']],
    ['dog', ['Monday']],
    ['run', ['Monday']],
    ['hyvää koira', ['Aamukahvi']],
    ['kissa huomenta', []],
    ['nothing', []],
  ])('finds %s', async (q, found) => expect(await titles(q)).toEqual(found));

  it('says where it matched, with the words marked', async () => {
    const [item] = (await list({ q: 'huomen' })).items;
    expect(item?.match?.field).toBe('text');
    const { snippet = '', marks = [] } = item?.match ?? {};
    expect(marks.map(([from, to]) => snippet.slice(from, to))).toEqual(['huomenta']);
  });

  it('pages through everything exactly once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: MediaList = await list({ limit: '1', ...(cursor && { cursor }) });
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(ids.toReversed());
  });
});

describe('odd searches', () => {
  it.each([
    "'; drop table media; --",
    "' or 1=1",
    '%',
    '_',
    '😀😀',
    '!!! ???',
    '"',
    ':*',
    'a & | ! b',
    '\\',
    '<script>',
    '\ud800',
    'x'.repeat(1000),
    'word '.repeat(200),
    'ja',
    'the',
  ])('answers %j with a list', async (q) => {
    await list({ q });
    expect((await list({})).items).toHaveLength(3);
  });

  it('refuses 10 kB of search', async () => {
    const response = await aino.request(`/api/media?q=${'x'.repeat(10_000)}`);
    expect(response.status).toBe(422);
    expect(errorBody.parse(await response.json())).toMatchObject({
      code: 'invalid_field',
      details: { fields: { q: expect.stringContaining('1000') } },
    });
  });

  it.each([
    'nonsense',
    '',
    'e30',
    Buffer.from('["01900000-0000-7000-8000-000000000000","wrong123"]').toString('base64url'),
  ])('refuses the forged cursor %j', async (cursor) => {
    const response = await aino.request(`/api/media?${new URLSearchParams({ cursor })}`);
    expect(response.status).toBe(400);
    expect(errorBody.parse(await response.json()).code).toBe('invalid_cursor');
  });

  it('refuses a cursor of another search', async () => {
    const { nextCursor } = await list({ limit: '1' });
    const response = await aino.request(
      `/api/media?${new URLSearchParams({ q: 'koira', cursor: nextCursor ?? '' })}`,
    );
    expect(response.status).toBe(400);
  });

  it.each(['0', '101', '-1', 'x', '1.5'])('refuses limit=%s', async (limit) => {
    expect((await aino.request(`/api/media?limit=${limit}`)).status).toBe(422);
  });
});
