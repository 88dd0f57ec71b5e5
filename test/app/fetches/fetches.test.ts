import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { meResponse } from '../../../app/auth/auth.schema.ts';
import { fetchItem } from '../../../app/fetches/fetches.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { outcome } from '../../support/errors.ts';
import { animation, picture } from '../../support/media/pictures.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import {
  endOfFetch,
  expectNothingLeft,
  fetchesOf,
  fetchOf,
  itemsOf,
  startFetch,
} from '../../support/servers/fetching.ts';
import { createOrigin, PUBLIC_ADDRESS, redirects, sends, type Origin } from '../../support/servers/origin.ts';
import { programOf } from '../../support/servers/tokens.ts';

let app: TestApp;
let origin: Origin;
let aino: Visitor;
let eino: Visitor;
beforeAll(async () => {
  origin = await createOrigin();
  app = await createTestApp({ OCR: 'off' }, (deps) => {
    deps.network = origin.network;
  });
  aino = await app.admin();
  eino = await app.member(aino, 'Eino');
  await app.work();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await origin[Symbol.asyncDispose]();
});
beforeEach(() => {
  origin.answers.clear();
  origin.names.clear();
  origin.closed.clear();
  for (const list of [origin.requests, origin.headers, origin.targets, origin.resolved]) list.length = 0;
});

const bytesOf = async (blob: Blob) => Buffer.from(await blob.arrayBuffer());
const bytes = async () => bytesOf(await picture());
const read = async (by: Visitor, id: string | null) =>
  mediaItem.parse(await (await by.request(`/api/media/${id}`)).json());

describe('an upload by address', () => {
  it('becomes an item of its user, as if the file had been uploaded', async () => {
    const file = await bytes();
    origin.answers.set('cats.example/maanantai%20taas.png?size=1', sends(file, 'image/png'));
    const url = 'https://cats.example/maanantai%20taas.png?size=1#top';
    const fetch = await startFetch(eino, url, { title: ' Monday ', tags: ['Koira', 'koira'] });
    expect(fetch).toMatchObject({
      state: 'queued',
      itemId: null,
      failure: null,
      receivedSize: 0,
      totalSize: null,
    });
    const done = await endOfFetch(eino, fetch.id);
    expect(done).toMatchObject({
      state: 'done',
      failure: null,
      receivedSize: file.length,
      totalSize: file.length,
      url: 'https://cats.example/maanantai%20taas.png?size=1',
    });
    expect(await read(aino, done.itemId)).toMatchObject({
      kind: 'image',
      title: 'Monday',
      tags: ['koira'],
      originalName: 'maanantai taas.png',
      owner: { username: 'Eino' },
      state: 'ready',
    });
    await expectNothingLeft(app, origin);
  });

  it('is asked for without cookies, as it is, and at the address that was checked', async () => {
    origin.answers.set('cats.example/a.gif', sends(await bytesOf(await animation()), 'text/plain'));
    const { id } = await startFetch(aino, 'http://cats.example/a.gif');
    expect((await endOfFetch(aino, id)).state).toBe('done');
    expect(origin.resolved).toEqual(['cats.example']);
    expect(origin.targets).toEqual([
      { address: PUBLIC_ADDRESS, hostname: 'cats.example', port: 80, secure: false },
    ]);
    expect(Object.keys(origin.headers[0] ?? {}).toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
    expect(origin.headers[0]).toMatchObject({ 'accept-encoding': 'identity', connection: 'close' });
  });

  it('asks a name of https at port 443, and an IP address without a name', async () => {
    origin.answers.set('cats.example/a.png', sends(await bytes(), 'image/png'));
    origin.answers.set('[2606:4700::1]/b.png', sends(await bytes(), 'image/png'));
    const named = await startFetch(aino, 'https://cats.example/a.png');
    expect((await endOfFetch(aino, named.id)).state).toBe('done');
    const bare = await startFetch(aino, 'https://[2606:4700::1]/b.png');
    expect((await endOfFetch(aino, bare.id)).state).toBe('done');
    expect(origin.resolved).toEqual(['cats.example']);
    expect(origin.targets).toEqual([
      { address: PUBLIC_ADDRESS, hostname: 'cats.example', port: 443, secure: true },
      { address: '2606:4700::1', hostname: '2606:4700::1', port: 443, secure: true },
    ]);
  });

  it('follows three redirects, and takes the name of the last address', async () => {
    origin.answers.set('a.example/1', redirects('/2', 301));
    origin.answers.set('a.example/2', redirects('//b.example/3', 303));
    origin.answers.set('b.example/3', redirects('https://c.example/k%C3%A4k.png', 308));
    origin.answers.set('c.example/k%C3%A4k.png', sends(await bytes(), 'image/png'));
    const { id } = await startFetch(aino, 'http://a.example/1');
    const { itemId } = await endOfFetch(aino, id);
    expect(await read(aino, itemId)).toMatchObject({ originalName: 'käk.png' });
    expect(origin.resolved).toEqual(['a.example', 'a.example', 'b.example', 'c.example']);
  });

  it('takes the picture that a page names, from its place', async () => {
    const page = '<html><head><meta property="og:image" content="img/a.png?x=1&amp;y=2">';
    origin.answers.set('a.example/posts/1', redirects('/posts/one/'));
    origin.answers.set('a.example/posts/one/', sends(page, 'text/html; charset=utf-8'));
    origin.answers.set('a.example/posts/one/img/a.png?x=1&y=2', sends(await bytes(), 'image/png'));
    const { id } = await startFetch(aino, 'http://a.example/posts/1');
    expect(await endOfFetch(aino, id)).toMatchObject({ state: 'done', failure: null });
    expect(origin.requests).toHaveLength(3);
    await expectNothingLeft(app, origin);
  });

  it('looks at the beginning of a page that never ends', async () => {
    origin.answers.set('a.example/', (response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write('<meta property="og:image" content="/a.png">');
      const more = () => {
        while (response.writable && response.write('x'.repeat(60_000)));
        response.once('drain', more);
      };
      more();
    });
    origin.answers.set('a.example/a.png', sends(await bytes(), 'image/png'));
    const { id } = await startFetch(aino, 'http://a.example/');
    expect((await endOfFetch(aino, id)).state).toBe('done');
    await expectNothingLeft(app, origin);
  });

  it('connects to the next IP address of a name when one does not answer', async () => {
    origin.names.set('a.example', [['1.1.1.1', PUBLIC_ADDRESS]]);
    origin.closed.add('1.1.1.1');
    origin.answers.set('a.example/a.png', sends(await bytes(), 'image/png'));
    const { id } = await startFetch(aino, 'http://a.example/a.png');
    expect((await endOfFetch(aino, id)).state).toBe('done');
    expect(origin.targets.map(({ address }) => address)).toEqual(['1.1.1.1', PUBLIC_ADDRESS]);
  });

  it('names the item that has the file already, and gives back what lies in the trash of others', async () => {
    const file = await picture();
    origin.answers.set('a.example/a.png', sends(await bytesOf(file), 'image/png'));
    const item = mediaItem.parse(await (await aino.upload(file, 'a.png')).json());
    const again = await startFetch(eino, 'http://a.example/a.png');
    expect(await endOfFetch(eino, again.id)).toMatchObject({
      state: 'failed',
      failure: 'already_here',
      itemId: item.id,
    });
    expect((await aino.send('DELETE', `/api/media/${item.id}`)).status).toBe(204);
    const third = await startFetch(eino, 'http://a.example/a.png');
    expect(await endOfFetch(eino, third.id)).toMatchObject({ state: 'done', itemId: item.id });
    expect((await read(eino, item.id)).owner?.username).toBe('Eino');
    await expectNothingLeft(app, origin);
  });

  it('tells how far it has come', async () => {
    const file = await bytes();
    let rest = () => {};
    origin.answers.set('a.example/a.png', (response) => {
      response.writeHead(200, { 'content-length': String(file.length) });
      response.write(file.subarray(0, 1000));
      rest = () => void response.end(file.subarray(1000));
    });
    const { id } = await startFetch(aino, 'http://a.example/a.png');
    await expect
      .poll(() => fetchOf(aino, id))
      .toMatchObject({
        state: 'fetching',
        receivedSize: 1000,
        totalSize: file.length,
      });
    rest();
    expect((await endOfFetch(aino, id)).state).toBe('done');
  });
});

describe('the fetches of a user', () => {
  it('are seen, given up and forgotten by that user alone', async () => {
    origin.answers.set('a.example/a.png', sends(await bytes(), 'image/png'));
    const { id } = await startFetch(eino, 'http://a.example/a.png');
    const { itemId } = await endOfFetch(eino, id);
    expect((await fetchesOf(eino))[0]).toMatchObject({ id, state: 'done' });
    expect((await fetchesOf(aino)).map((one) => one.id)).not.toContain(id);
    const path = `/api/media/from-url/${id}`;
    for (const method of ['GET', 'DELETE'])
      expect(await outcome(await aino.send(method, path))).toBe('404 not_found');
    expect((await eino.send('DELETE', path)).status).toBe(204);
    expect(await outcome(await eino.request(path))).toBe('404 not_found');
    expect(await outcome(await eino.send('DELETE', path))).toBe('404 not_found');
    // The item stays.
    expect((await read(eino, itemId)).id).toBe(itemId);
  });

  it('end at once when they are given up', async () => {
    origin.answers.set('a.example/slow.png', (response) => {
      response.writeHead(200).flushHeaders();
    });
    const before = (await itemsOf(aino)).length;
    const { id } = await startFetch(aino, 'http://a.example/slow.png');
    await expect.poll(() => origin.connections()).toBe(1);
    expect((await aino.send('DELETE', `/api/media/from-url/${id}`)).status).toBe(204);
    await expectNothingLeft(app, origin);
    expect((await itemsOf(aino)).length).toBe(before);
    expect((await fetchesOf(aino)).map((one) => one.id)).not.toContain(id);
  });

  it('may be begun and followed by a token that uploads', async () => {
    origin.answers.set('a.example/t.png', sends(await bytes(), 'image/png'));
    const program = await programOf(app, eino, 'upload');
    const answer = await program.send('POST', '/api/media/from-url', { url: 'http://a.example/t.png' });
    expect(answer.status).toBe(202);
    expect((await program.send('GET', '/api/media/from-url')).status).toBe(200);
    expect((await endOfFetch(eino, fetchItem.parse(await answer.json()).id)).state).toBe('done');
  });

  it('are refused at once when their address can never be fetched', async () => {
    const send = async (url: unknown) => outcome(await eino.send('POST', '/api/media/from-url', { url }));
    expect(await send('kissa')).toBe('422 address_invalid');
    expect(await send('http://localhost:3000/')).toBe('422 address_invalid');
    expect(await send('http://127.0.0.1/')).toBe('422 address_refused');
    expect(await send('http://0x7f000001/')).toBe('422 address_refused');
    expect(await send('http://[::ffff:169.254.169.254]/latest/meta-data')).toBe('422 address_refused');
    expect(await send('')).toBe('422 invalid_field');
    expect(await send('x'.repeat(2001))).toBe('422 invalid_field');
    expect(await send(7)).toBe('422 invalid_field');
  });
});

describe('FETCH_URLS=off', () => {
  it('fetches nothing, and tells the page to offer nothing', async () => {
    const me = async (by: Visitor) => meResponse.parse(await (await by.request('/api/auth/me')).json());
    expect((await me(aino)).fetchOff).toBeUndefined();
    await using off = await createTestApp({ OCR: 'off', FETCH_URLS: 'off' });
    const admin = await off.admin();
    expect((await me(admin)).fetchOff).toBe(true);
    expect((await me(off.visitor())).fetchOff).toBeUndefined();
    const answer = await admin.send('POST', '/api/media/from-url', { url: 'http://a.example/a.png' });
    expect(await outcome(answer)).toBe('403 fetch_off');
  });
});
