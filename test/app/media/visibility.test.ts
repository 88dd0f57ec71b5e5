import {
  collection,
  collectionList,
  itemsAdded,
  itemsRemoved,
} from '../../../app/collections/collections.schema.ts';
import { favouritesChanged } from '../../../app/favourites/favourites.schema.ts';
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mediaItem, mediaList, type MediaItem } from '../../../app/media/media.schema.ts';
import { shareList } from '../../../app/shares/shares.schema.ts';
import { tagChangesDone } from '../../../app/tags/tags.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import type { Operation } from '../../support/servers/contract.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';

/** An item in its owner's trash, and the hash of its source picture. */
interface Trashed {
  item: MediaItem;
  sha256: string;
}

/**
 * A call of a route that names the item, with the expected answers. The owner and an admin get the
 * same answer.
 */
interface Call {
  call(who: Visitor, trashed: Trashed): Promise<Response>;
  /** The expected answer to a stranger, if it is not 404. It must reveal nothing of the item. */
  stranger?: string;
  seen: string;
  /** The answer to the second call, if it differs. */
  seenAgain?: string;
  /** Reads the part of the answer to compare, if the status is the same for everybody. */
  read?(response: Response): Promise<unknown>;
}

const at = (item: MediaItem, rest = '') => `/api/media/${item.id}${rest}`;
const json =
  (method: string, rest: string, body: unknown = {}) =>
  (who: Visitor, { item }: Trashed) =>
    who.send(method, at(item, rest), body);
const ids =
  (path: string, more: object = {}) =>
  (who: Visitor, { item }: Trashed) =>
    who.send('POST', path, { ids: [item.id], ...more });
const moved = async (response: Response) =>
  z.object({ ids: z.array(z.uuid()) }).parse(await response.json()).ids.length;

/** Sends a request about a new collection of this user. */
async function inCollection(who: Visitor, method: string, path: string, body: object): Promise<Response> {
  const made = await who.send('POST', '/api/collections', { name: randomUUID() });
  const { id } = collection.parse(await made.json());
  return who.send(method, `/api/collections/${id}${path}`, body);
}

/**
 * Every API route that takes the id or the content of an item. A route missing here fails the test.
 */
const CALLS: Record<string, Call> = {
  'GET /media/:id': { call: (who, { item }) => who.request(at(item)), seen: '200' },
  'PATCH /media/:id': { call: json('PATCH', '', { title: 'mine now', text: 'read' }), seen: '200' },
  'DELETE /media/:id': { call: json('DELETE', ''), seen: '204' },
  'POST /media/:id/restore': { call: json('POST', '/restore'), seen: '200' },
  'GET /media/:id/alike': {
    call: (who, { item }) => who.request(at(item, '/alike')),
    seen: '200',
  },
  'GET /media/:id/trashed/:role': {
    call: (who, { item }) => who.request(at(item, '/trashed/original')),
    seen: '200',
  },
  'POST /media/:id/new-address': { call: json('POST', '/new-address'), seen: '200' },
  'PUT /media/:id/tags': { call: json('PUT', '/tags', { tags: ['foreign'] }), seen: '200' },
  'POST /media/:id/reprocess': { call: json('POST', '/reprocess'), seen: '200' },
  'GET /media/:id/clipboard': { call: (who, { item }) => who.request(at(item, '/clipboard')), seen: '200' },
  'PUT /media/:id/file': {
    call: async (who, { item }) => {
      const body = new FormData();
      body.set('file', await picture(), 'other.png');
      return who.request(at(item, '/file'), { method: 'PUT', body });
    },
    seen: '200',
  },
  'GET /tags/related/:id': {
    call: (who, { item }) => who.request(`/api/tags/related/${item.id}`),
    seen: '200',
  },
  'POST /media/zip': {
    call: (who, { item }) =>
      who.request('/api/media/zip', { method: 'POST', body: new URLSearchParams({ ids: item.id }) }),
    seen: '200',
  },
  'POST /tags/changes': {
    call: ids('/api/tags/changes', { add: ['foreign'] }),
    read: async (response) => tagChangesDone.parse(await response.json()).items,
    stranger: '200 0',
    seen: '200 1',
  },
  // A collection has no trashed item for its visitors, but takes the owner's own.
  'GET /collections': {
    call: (who, { item }) => who.request(`/api/collections?item=${item.id}`),
    read: async (response) => collectionList.parse(await response.json()).collections.length,
    stranger: '200 0',
    seen: '200 0',
  },
  'POST /collections/:collection/items': {
    call: (who, { item }) => inCollection(who, 'POST', '/items', { ids: [item.id] }),
    read: async (response) => itemsAdded.parse(await response.json()).added.length,
    stranger: '200 0',
    seen: '200 1',
  },
  'POST /collections/:collection/remove': {
    call: (who, { item }) => inCollection(who, 'POST', '/remove', { ids: [item.id] }),
    read: async (response) => itemsRemoved.parse(await response.json()).removed.length,
    stranger: '200 0',
    seen: '200 0',
  },
  'PUT /collections/:collection/order': {
    call: (who, { item }) => inCollection(who, 'PUT', '/order', { ids: [item.id], after: null }),
    seen: '404 not_found',
  },
  'POST /duplicates/merge': {
    call: (who, { item }) =>
      who.send('POST', '/api/duplicates/merge', { into: item.id, ids: [randomUUID()] }),
    seen: '404 not_found',
  },
  'PUT /duplicates/wishes': {
    call: (who, { item }) =>
      who.send('PUT', '/api/duplicates/wishes', { into: item.id, ids: [randomUUID()], wished: true }),
    seen: '404 not_found',
  },
  'PUT /favourites': {
    call: (who, { item }) => who.send('PUT', '/api/favourites', { ids: [item.id], favourite: true }),
    read: async (response) => favouritesChanged.parse(await response.json()).items.length,
    stranger: '200 0',
    seen: '200 1',
  },
  'POST /media/trash': { call: ids('/api/media/trash'), read: moved, stranger: '200 0', seen: '200 0' },
  'POST /media/purge': {
    call: ids('/api/media/purge'),
    read: moved,
    stranger: '200 0',
    seen: '200 1',
    // The owner's call has ended the item.
    seenAgain: '200 0',
  },
  'POST /media/restore': { call: ids('/api/media/restore'), read: moved, stranger: '200 0', seen: '200 1' },
  'GET /media/known/:sha256': {
    call: (who, { sha256 }) => who.request(`/api/media/known/${sha256}`),
    read: async (response) => z.object({ id: z.uuid().nullable() }).parse(await response.json()).id !== null,
    stranger: '200 false',
    seen: '200 true',
  },
  // A share has no trashed item, not even for its owner.
  'GET /shares': {
    call: (who, { item }) => who.request(`/api/shares?item=${item.id}`),
    read: async (response) => shareList.parse(await response.json()).shares.length,
    stranger: '200 0',
    seen: '200 0',
  },
  'POST /shares': {
    call: (who, { item }) => who.send('POST', '/api/shares', { itemIds: [item.id] }),
    seen: '404 not_found',
  },
  'POST /shares/link': {
    call: (who, { item }) => who.send('POST', '/api/shares/link', { itemId: item.id }),
    seen: '404 not_found',
  },
  // Only for admins; others are refused for any id.
  'POST /admin/jobs/retry': {
    call: (who, { item }) => who.send('POST', '/api/admin/jobs/retry', { id: item.id }),
    stranger: '403 not_allowed',
    seen: '200',
  },
};

/** Routes whose ids are of something else. Uploads under way are one's own, by content too. */
const OTHER_IDS = [
  '/api/users',
  '/api/invites',
  '/api/auth',
  '/api/tokens',
  '/api/passkeys',
  '/api/uploads',
  '/api/media/from-url',
];
/** Tests whether a route takes the id or the content of an item in its path, query or body. */
const namesItem = ({ path, parameters, requestBody }: Operation): boolean =>
  !OTHER_IDS.some((start) => path.startsWith(start)) &&
  (parameters.some(({ name }) => /^(id|item|sha256)$/.test(name)) ||
    /"(id|ids|itemId|itemIds)":/.test(JSON.stringify(requestBody ?? {})));

let app: TestApp;
let aino: Visitor;
let owner: Visitor;
let stranger: Visitor;
let trashed: Trashed;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  owner = await app.member(aino, 'Eino');
  stranger = await app.member(aino, 'Louhi');
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  const file = await picture();
  const sha256 = createHash('sha256')
    .update(Buffer.from(await file.arrayBuffer()))
    .digest('hex');
  const sent = await owner.upload(file, 'secret.png', { title: 'secret', tags: 'private' });
  trashed = { item: mediaItem.parse(await sent.json()), sha256 };
  await owner.send('DELETE', at(trashed.item));
});

const row = () =>
  app.deps.db.selectFrom('media').selectAll().where('id', '=', trashed.item.id).executeTakeFirst();

async function told({ call, read }: Call, who: Visitor): Promise<string> {
  const response = await call(who, trashed);
  return read && response.ok ? `${response.status} ${String(await read(response))}` : outcome(response);
}

describe('an item in the trash', () => {
  it('is asked about by every route of the API that takes an item', async () => {
    expect(
      (await app.operations())
        .filter(namesItem)
        .map(({ method, path }) => `${method} ${path.replace('/api', '').replace(/\{(\w+)\}/g, ':$1')}`)
        .toSorted(),
    ).toEqual(Object.keys(CALLS).toSorted());
  });

  it.each(Object.entries(CALLS))('is not there for somebody else: %s', async (_name, one) => {
    const before = await row();
    expect(await told(one, stranger)).toBe(one.stranger ?? '404 not_found');
    expect(await row()).toEqual(before);
    const tags = await app.deps.db
      .selectFrom('media_tags')
      .innerJoin('tags', 'tags.id', 'tag_id')
      .select('name')
      .where('media_id', '=', trashed.item.id)
      .execute();
    expect(tags).toEqual([{ name: 'private' }]);
  });

  it.each(Object.entries(CALLS))('is there for its owner and for an admin: %s', async (name, one) => {
    const answers = [await told(one, name.includes('/admin/') ? aino : owner)];
    await owner.send('DELETE', at(trashed.item));
    answers.push(await told(one, aino));
    expect(answers).toEqual([one.seen, one.seenAgain ?? one.seen]);
  });

  it('is in no list of somebody else', async () => {
    for (const query of ['', '?trash=true', '?q=secret', '?q=is:trash', '?tag=private', '?by=Eino']) {
      const response = await stranger.request(`/api/media${query}`);
      const { items } = mediaList.parse(await response.json());
      expect(
        items.map(({ id }) => id),
        query,
      ).not.toContain(trashed.item.id);
    }
  });

  it('is named to its owner and an admin only, when its content is added again', async () => {
    const file = await picture();
    const again = (who: Visitor) => who.upload(file, 'again.png');
    const item = mediaItem.parse(await (await again(owner)).json());
    await owner.send('DELETE', at(item));
    for (const who of [owner, aino])
      expect(await (await again(who)).json()).toMatchObject({
        code: 'already_here',
        details: { id: item.id },
      });
    expect(await outcome(await again(stranger))).toBe('201');
  });
});

describe('an item outside the trash', () => {
  it('is there for everybody, and is moved and replaced by its owner only', async () => {
    await owner.send('POST', at(trashed.item, '/restore'));
    const outcomes: Record<string, string> = {};
    for (const [name, one] of Object.entries(CALLS)) outcomes[name] = await told(one, stranger);
    expect(outcomes).toEqual({
      ...Object.fromEntries(Object.entries(CALLS).map(([name, { seen }]) => [name, seen])),
      'POST /shares': '201',
      'POST /shares/link': '200',
      'DELETE /media/:id': '403 not_allowed',
      'POST /media/:id/new-address': '403 not_allowed',
      'POST /media/:id/restore': '403 not_allowed',
      'PUT /media/:id/file': '403 not_allowed',
      'POST /media/restore': '200 0',
      'POST /media/purge': '200 0',
      'POST /admin/jobs/retry': '403 not_allowed',
    });
  });
});
