import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem, mediaList } from '../../../app/media/media.schema.ts';
import { suggestions } from '../../../app/search/search.schema.ts';
import { normalizeTag } from '../../../app/tags/tag-name.ts';
import { relatedTags } from '../../../app/tags/tags.repository.ts';
import { tagChangesDone, tagList, tagWithUses } from '../../../app/tags/tags.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
let ids: string[];

beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  const { db } = app.deps;
  await db.deleteFrom('media').execute();
  await db.deleteFrom('tags').execute();
  const { id } = await db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  ids = await fillFolder(db, id, [
    { text: 'hassu koira', tags: ['koira', 'hauska'] },
    { text: 'toinen koira', tags: ['koira', 'eläin'] },
    { text: 'kolmas', tags: ['koirat'] },
    { text: 'koira ilman' },
  ]);
});

const tagsAt = async (path: string) => tagList.parse(await (await aino.request(path)).json()).tags;
const all = () => tagsAt('/api/tags?unused=true');
const names = async (q: string) =>
  tagList
    .parse(await (await aino.request(`/api/tags?${new URLSearchParams({ q })}`)).json())
    .tags.map(({ name }) => name);
const found = async (q: string) =>
  mediaList
    .parse(await (await aino.request(`/api/media?${new URLSearchParams({ q })}`)).json())
    .items.map(({ id }) => id);
const put = (id: string, tags: unknown) => aino.send('PUT', `/api/media/${id}/tags`, { tags });
const code = async (response: Response) => errorBody.parse(await response.json()).code;

describe('normalizeTag', () => {
  it.each([
    ['Koira', 'koira'],
    ['  Iso   Koira ', 'iso-koira'],
    ['ＡＢＣ', 'abc'],
    ['a\u0308a\u0308lio\u0308', 'ääliö'],
    ['#koira', 'koira'],
    ['🔥', '🔥'],
    ['日本語', '日本語'],
    ['❤', '❤️'],
    ['❤️', '❤️'],
    ['❤\ufe0e', '❤️'],
    ['🔥\ufe0f', '🔥'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['🏳‍🌈', '🏳️‍🌈'],
    ['☝🏽', '☝🏽'],
    ['🇫🇮', '🇫🇮'],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['1⃣', '1️⃣'],
    ['#️⃣', '#️⃣'],
    ['™️', '™️'],
    ['™', 'tm'],
    ['🈚', '🈚'],
    ['don’t', "don't"],
    ['koira\ufe0f\u200d', 'koira'],
    ['a\u{e0061}\u{e007f}', 'a'],
    ['❤'.repeat(20), '❤'.repeat(20)],
    ['❤️'.repeat(20), '❤'.repeat(20)],
    ['❤'.repeat(31), null],
    ['x'.repeat(30), 'x'.repeat(30)],
    ['x'.repeat(31), null],
    ['', null],
    ['---', null],
    ['\u200b\u202e', null],
    ['\0\ud800', null],
  ])('%j → %j', (text, name) => {
    expect(normalizeTag(text)).toBe(name);
    if (name !== null) expect(normalizeTag(name)).toBe(name);
  });
});

describe('PUT /api/media/:id/tags', () => {
  it('gives an item these tags and no others', async () => {
    const response = await put(ids[0] ?? '', ['Iso Koira', 'HAUSKA', 'hauska']);
    expect(response.status).toBe(200);
    expect(mediaItem.parse(await response.json()).tags).toEqual(['hauska', 'iso-koira']);
    expect(await found('tag:koira')).toEqual([ids[1]]);
    expect(await found('iso')).toEqual([ids[0]]);
  });

  it.each([
    [{ tags: ['x'.repeat(31)] }],
    [{ tags: [''] }],
    [{ tags: [3] }],
    [{ tags: 'koira' }],
    [{}],
    [{ tags: Array.from({ length: 51 }, (_, i) => `t${i}`) }],
  ])('refuses %j', async (body) => {
    const response = await aino.send('PUT', `/api/media/${ids[0]}/tags`, body);
    expect(response.status).toBe(422);
    expect(await code(response)).toBe('invalid_field');
  });

  it('does not know a foreign item', async () => {
    expect((await put('01900000-0000-7000-8000-000000000000', ['x'])).status).toBe(404);
  });
});

describe('POST /api/media', () => {
  it('takes tags with the file', async () => {
    const response = await aino.upload(await picture(), 'a.png', { tags: 'Uusi, kaksi sanaa' });
    expect(mediaItem.parse(await response.json()).tags).toEqual(['kaksi-sanaa', 'uusi']);
  });
});

describe('POST /api/tags/changes', () => {
  it('adds and removes on many items at once', async () => {
    const response = await aino.send('POST', '/api/tags/changes', {
      ids: [...ids, '01900000-0000-7000-8000-000000000000'],
      add: ['Yhteinen'],
      remove: ['koira'],
    });
    expect(tagChangesDone.parse(await response.json())).toEqual({
      items: 4,
      add: ['yhteinen'],
      remove: ['koira'],
    });
    expect(await all()).toEqual([
      { name: 'yhteinen', uses: 4 },
      { name: 'eläin', uses: 1 },
      { name: 'hauska', uses: 1 },
      { name: 'koirat', uses: 1 },
      { name: 'koira', uses: 0 },
    ]);
  });

  it('survives the same change from many sides at once', async () => {
    const changes = Array.from({ length: 8 }, (_, i) =>
      aino.send('POST', '/api/tags/changes', {
        ids: i % 2 ? ids : ids.toReversed(),
        add: i % 2 ? ['a', 'b', 'c'] : ['c', 'b', 'a'],
      }),
    );
    expect((await Promise.all(changes)).map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect((await all()).slice(0, 3)).toEqual(['a', 'b', 'c'].map((name) => ({ name, uses: 4 })));
  });

  it.each([[{ ids: [] }], [{ ids: ['x'] }], [{ add: ['x'] }]])('refuses %j', async (body) => {
    expect((await aino.send('POST', '/api/tags/changes', body)).status).toBe(422);
  });
});

describe('GET /api/tags', () => {
  it('completes by the beginning, then by similarity, the most used first', async () => {
    expect(await names('koi')).toEqual(['koira', 'koirat']);
    expect(await names('KOIRRA')).toEqual(['koira', 'koirat']);
    expect(await names('%')).toEqual([]);
    expect(await names('_')).toEqual([]);
  });

  it('counts what is not in the trash', async () => {
    await aino.send('DELETE', `/api/media/${ids[0]}`);
    expect(await all()).toContainEqual({ name: 'koira', uses: 1 });
    await aino.send('POST', `/api/media/${ids[0]}/restore`);
    expect(await all()).toContainEqual({ name: 'koira', uses: 2 });
  });
});

describe('an admin', () => {
  it('renames a tag', async () => {
    const response = await aino.send('PATCH', '/api/tags/koira', { name: 'Hauva' });
    expect(tagWithUses.parse(await response.json())).toEqual({ name: 'hauva', uses: 2 });
    expect(await found('tag:hauva')).toEqual([ids[1], ids[0]]);
    expect(await found('tag:koira')).toEqual([]);
  });

  it('is told to merge when the new name is taken', async () => {
    const response = await aino.send('PATCH', '/api/tags/koira', { name: 'hauska' });
    expect(response.status).toBe(409);
    expect(await code(response)).toBe('tag_taken');
  });

  it('merges two tags', async () => {
    const response = await aino.send('POST', '/api/tags/koirat/merge', { into: 'koira' });
    expect(tagWithUses.parse(await response.json())).toEqual({ name: 'koira', uses: 3 });
    expect(await found('tag:koira')).toEqual([ids[2], ids[1], ids[0]]);
    expect((await all()).map(({ name }) => name)).not.toContain('koirat');
  });

  it('deletes a tag', async () => {
    expect((await aino.send('DELETE', '/api/tags/koirat')).status).toBe(204);
    expect(await found('is:untagged')).toEqual([ids[3], ids[2]]);
  });

  it('is told when there is no such tag', async () => {
    expect((await aino.send('DELETE', '/api/tags/nothing')).status).toBe(404);
    expect((await aino.send('PATCH', '/api/tags/nothing', { name: 'x' })).status).toBe(404);
    expect((await aino.send('POST', '/api/tags/koira/merge', { into: 'nothing' })).status).toBe(404);
  });
});

describe('GET /api/tags', () => {
  it('finds tags of no item only if asked for', async () => {
    await put(ids[2] ?? '', ['kissa']);
    expect(await tagsAt('/api/tags?q=koirat')).toEqual([{ name: 'koira', uses: 2 }]);
    expect((await tagsAt('/api/tags')).map(({ name }) => name)).not.toContain('koirat');
    expect((await tagsAt('/api/tags?q=koirat&unused=true'))[0]).toEqual({ name: 'koirat', uses: 0 });
    expect(await all()).toContainEqual({ name: 'koirat', uses: 0 });
  });

  it('answers a renamed tag itself and not a more common one with its beginning', async () => {
    await put(ids[3] ?? '', ['koira-kerho']);
    await put(ids[2] ?? '', ['koira-kerho', 'hau']);
    const response = await aino.send('PATCH', '/api/tags/hau', { name: 'koira-ker' });
    expect(tagWithUses.parse(await response.json())).toEqual({ name: 'koira-ker', uses: 1 });
  });
});

describe('GET /api/tags/related/:id', () => {
  it('proposes tags of items with the same tags and words', async () => {
    const related = async (id = '') =>
      tagList
        .parse(await (await aino.request(`/api/tags/related/${id}`)).json())
        .tags.map(({ name }) => name);
    expect(await related(ids[3])).toContain('koira');
    expect(await related(ids[0])).toEqual(['eläin']);
  });

  it('counts neither items in the trash nor words that every item may have', async () => {
    const { db } = app.deps;
    const { id: owner } = await db.selectFrom('users').select('id').limit(1).executeTakeFirstOrThrow();
    const [asked = ''] = await fillFolder(db, owner, [
      { tags: ['vene'], text: 'harvinaisuus' },
      { tags: ['vene', 'meri'] },
      { tags: ['laituri'], text: 'harvinaisuus' },
      { tags: ['vene', 'myrsky'], deleted: true },
      { tags: ['satama'], text: 'harvinaisuus', deleted: true },
    ]);
    const related = async () => (await relatedTags(db, asked, 8)).map(({ name }) => name).toSorted();
    expect(await related()).toEqual(['laituri', 'meri']);
    // A common word says nothing about tags.
    await db.updateTable('search_words').set({ items: 1001 }).where('word', '=', 'harvinaisuus').execute();
    expect(await related()).toEqual(['meri']);
  });
});

describe('GET /api/search/suggestions', () => {
  const suggest = async (q: string) =>
    suggestions.parse(
      await (await aino.request(`/api/search/suggestions?${new URLSearchParams({ q })}`)).json(),
    );

  it('completes the last word with tags, people and words of the folder', async () => {
    expect(await suggest('hassu koi')).toEqual({
      typed: 'koi',
      tags: [
        { name: 'koira', uses: 2 },
        { name: 'koirat', uses: 1 },
      ],
      people: [],
      collections: [],
      words: ['koira', 'koirat'],
    });
    expect((await suggest('ai')).people).toEqual(['Aino']);
    expect((await suggest('elain')).words).toEqual(['eläin']);
    expect(await suggest('by:a')).toEqual({
      typed: 'a',
      tags: [],
      people: ['Aino'],
      collections: [],
      words: [],
    });
    expect((await suggest('tag:ha')).tags).toEqual([{ name: 'hauska', uses: 1 }]);
  });

  it('completes the rest of a quotation behind a key, whatever its quotes', async () => {
    expect(await suggest('kissa -by:"ai')).toMatchObject({ typed: 'ai', people: ['Aino'], words: [] });
    await put(ids[2] ?? '', ['iso koira']);
    expect((await suggest('tag:"iso ko')).tags).toEqual([{ name: 'iso-koira', uses: 1 }]);
    expect((await suggest('tag:”iso ko')).tags).toEqual([{ name: 'iso-koira', uses: 1 }]);
    // A closed quotation ends; the next word is an ordinary one.
    expect(await suggest('tag:"iso koira" hau')).toMatchObject({ typed: 'hau', words: ['hauska'] });
  });

  it('completes the names of collections, those that begin with the text first', async () => {
    const { db } = app.deps;
    await db.deleteFrom('collections').execute();
    for (const name of ['Isot koirat', 'Koirat', 'Kissat'])
      await aino.send('POST', '/api/collections', { name });
    expect(await suggest('in:koir')).toEqual({
      typed: 'koir',
      tags: [],
      people: [],
      collections: ['Koirat', 'Isot koirat'],
      words: [],
    });
    expect((await suggest('in:')).collections).toEqual(['Isot koirat', 'Kissat', 'Koirat']);
    expect((await suggest('sauna -in:"ISOT ko')).collections).toEqual(['Isot koirat']);
    expect((await suggest('koir')).collections).toEqual(['Koirat', 'Isot koirat']);
    expect((await suggest('')).collections).toEqual([]);
    expect(await suggest('is:koir')).toMatchObject({ tags: [], people: [], collections: [], words: [] });
  });

  it('offers no word of what is in the trash', async () => {
    await aino.send('PATCH', `/api/media/${ids[2]}`, { title: 'kolmas' });
    expect((await suggest('kolma')).words).toEqual(['kolmas']);
    await aino.send('DELETE', `/api/media/${ids[2]}`);
    expect((await suggest('kolma')).words).toEqual([]);
    // Three texts have the word, and two of them are in the trash.
    expect((await suggest('koir')).words).toContain('koira');
    await aino.send('DELETE', `/api/media/${ids[0]}`);
    await put(ids[1] ?? '', []);
    expect((await suggest('koir')).words).toEqual(['koira']);
    await aino.send('DELETE', `/api/media/${ids[1]}`);
    expect((await suggest('koir')).words).toEqual([]);
  });

  it('offers a word of one text only if a person wrote it into a title or tag', async () => {
    const { db } = app.deps;
    const { id } = await db.selectFrom('users').select('id').executeTakeFirstOrThrow();
    await fillFolder(db, id, [
      ...'abcdefghijklmnopqrstu'.split('').map((letter) => ({ text: `mustikx${letter}` })),
      { text: 'mustikkamehu' },
      { text: 'mustikkamehu' },
      { text: 'mustiknurin' },
      { title: 'mustikkapiirakka', text: '' },
    ]);
    expect((await suggest('mustik')).words).toEqual(['mustikkapiirakka', 'mustikkamehu']);
  });

  it.each(['', ' ', '-', '"', 'tag:', '%', '😀', 'x'.repeat(1000)])('bears %j', async (q) => {
    expect((await suggest(q)).words.length).toBeLessThanOrEqual(8);
  });
});

describe('browsing', () => {
  const list = async (params: Record<string, string>) =>
    mediaList.parse(await (await aino.request(`/api/media?${new URLSearchParams(params)}`)).json());

  it('filters by tag, type and person from the address', async () => {
    expect((await list({ tag: 'Koira' })).items).toHaveLength(2);
    expect((await list({ type: 'video' })).items).toHaveLength(0);
    expect((await list({ by: 'AINO', tag: 'koirat' })).items).toHaveLength(1);
    expect((await aino.request('/api/media?type=nonsense')).status).toBe(422);
  });

  it('shows the trash', async () => {
    await aino.send('DELETE', `/api/media/${ids[1]}`);
    expect((await list({ trash: 'true' })).items.map(({ id }) => id)).toEqual([ids[1]]);
    expect((await list({})).items).toHaveLength(3);
  });
});
