import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { AppError } from '../../../app/http/errors.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { oembedAnswer } from '../../../app/shares/oembed.schema.ts';
import { shareAnswer, type Share } from '../../../app/shares/shares.schema.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

const upload = async (title: string) =>
  mediaItem.parse(
    await (
      await aino.upload(await picture('png', { width: 800, height: 600 }), 'meme.png', { title })
    ).json(),
  ).id;

const share = async (itemIds: string[], more = {}): Promise<Share> =>
  shareAnswer.parse(await (await aino.send('POST', '/api/shares', { itemIds, ...more })).json()).share;

/** Makes a finished video of an item, without the work of ffmpeg. */
async function turnIntoVideo(id: string, kind: 'video' | 'animation'): Promise<void> {
  const key = `${randomUUID()}.mp4`;
  await app.deps.db
    .updateTable('media')
    .set(
      kind === 'video'
        ? { kind, mime: 'video/mp4', object_key: key, poster_key: `${randomUUID()}.webp` }
        : { kind, mime: 'image/gif', preview_key: key },
    )
    .where('id', '=', id)
    .execute();
}

const ask = (query: Record<string, string>, headers: Record<string, string> = {}) =>
  app.visitor().request(`/api/oembed?${new URLSearchParams(query)}`, { headers });

async function embed(url: string, more: Record<string, string> = {}) {
  const response = await ask({ url, ...more });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.getSetCookie()).toEqual([]);
  return oembedAnswer.parse(await response.json());
}

describe('GET /api/oembed', () => {
  it('describes a picture as a photo', async () => {
    const { url } = await share([await upload('Kissa & koira')], { showSharer: true });
    expect(await embed(url)).toEqual({
      version: '1.0',
      type: 'photo',
      title: 'Kissa & koira',
      author_name: 'Aino',
      provider_name: 'meemikansio',
      provider_url: ORIGIN,
      cache_age: 300,
      url: `${url}/card.jpg`,
      width: 800,
      height: 600,
      thumbnail_url: `${url}/card.jpg`,
      thumbnail_width: 800,
      thumbnail_height: 600,
    });
  });

  it('describes a video as a player element, whose texts are escaped', async () => {
    const id = await upload('"><script>');
    await turnIntoVideo(id, 'video');
    const { url } = await share([id]);
    expect(await embed(url)).toMatchObject({
      type: 'video',
      width: 800,
      height: 600,
      html: `<video src="${url}/file/0" poster="${url}/poster/0" controls preload="metadata" playsinline width="800" height="600"></video>`,
    });
  });

  it('describes an animation with a clip as a silent player', async () => {
    const id = await upload('GIF');
    await turnIntoVideo(id, 'animation');
    const { url } = await share([id]);
    const answer = await embed(url);
    expect(answer).toMatchObject({ type: 'video' });
    expect('html' in answer && answer.html).toContain(`<video src="${url}/preview/0"`);
    expect('html' in answer && answer.html).toContain(' autoplay loop muted controls ');
  });

  it('describes a gallery as a photo of its first pictures, and its items one by one', async () => {
    const { url } = await share([await upload('Eka'), await upload('Toka')]);
    expect(await embed(url)).toMatchObject({
      type: 'photo',
      title: '2 pictures',
      url: `${url}/card.jpg`,
      width: 1200,
      height: 630,
    });
    expect(await embed(`${url}/1`)).toMatchObject({
      type: 'photo',
      title: 'Toka',
      url: `${url}/1/card.jpg`,
    });
    expect((await ask({ url: `${url}/2` })).status).toBe(404);
  });

  it('stays within the wanted size and never enlarges', async () => {
    const { url } = await share([await upload('Kissa & koira')]);
    const sizeOf = async (more: Record<string, string>) => {
      const answer = await embed(url, more);
      return 'width' in answer ? [answer.type, answer.width, answer.height, 'thumbnail_url' in answer] : null;
    };
    expect(await sizeOf({ maxwidth: '400' })).toEqual(['rich', 400, 300, false]);
    expect(await sizeOf({ maxheight: '60' })).toEqual(['rich', 80, 60, false]);
    expect(await sizeOf({ maxwidth: '400', maxheight: '60' })).toEqual(['rich', 80, 60, false]);
    expect(await sizeOf({ maxwidth: '1' })).toEqual(['rich', 1, 1, false]);
    expect(await sizeOf({ maxwidth: '5000' })).toEqual(['photo', 800, 600, true]);
    expect(await sizeOf({ maxwidth: '800', maxheight: '600' })).toEqual(['photo', 800, 600, true]);
    expect(await embed(url, { maxwidth: '400' })).toMatchObject({
      html: `<a href="${url}"><img src="${url}/card.jpg" alt="Kissa &amp; koira" width="400" height="300"></a>`,
    });
  });

  it('tells the true size of every photo', async () => {
    const [one, two] = [await upload('Eka'), await upload('Toka')];
    const [single, gallery] = [await share([one]), await share([one, two])];
    for (const address of [single.url, gallery.url, `${gallery.url}/1`])
      for (const maxwidth of [1, 599, 600, 799, 800, 1199, 1200, 5000]) {
        const answer = await embed(address, { maxwidth: String(maxwidth) });
        if (!('width' in answer)) throw new Error(`no size at ${maxwidth}`);
        expect(answer.width).toBeLessThanOrEqual(maxwidth);
        if (answer.type !== 'photo') continue;
        const file = await app.visitor().request(answer.url.slice(ORIGIN.length));
        const { width, height } = await sharp(Buffer.from(await file.arrayBuffer())).metadata();
        expect([answer.width, answer.height]).toEqual([width, height]);
      }
    const item = await embed(`${gallery.url}/1`, { maxwidth: '100' });
    expect('html' in item && item.html).toContain(
      `<a href="${gallery.url}/1"><img src="${gallery.url}/1/card.jpg"`,
    );
  });

  it('says that it has JSON only', async () => {
    const { url } = await share([await upload('Kissa')]);
    expect((await ask({ url, format: 'json' })).status).toBe(200);
    const response = await ask({ url, format: 'xml' });
    expect(response.status).toBe(501);
    expect(errorBody.parse(await response.json()).message).toContain('JSON');
  });

  it('may be asked by pages of other sites', async () => {
    const { url } = await share([await upload('Kissa')]);
    const allowed = async (query: Record<string, string>, headers = {}) => {
      const response = await ask(query, { origin: 'https://blog.example', ...headers });
      return [response.status, response.headers.get('access-control-allow-origin')];
    };
    expect(await allowed({ url })).toEqual([200, '*']);
    expect(await allowed({ url: 'x' })).toEqual([404, '*']);
    expect(await allowed({})).toEqual([422, '*']);
    expect(await allowed({ url, maxwidth: '0' })).toEqual([422, '*']);
    expect(await allowed({ url, format: 'xml' })).toEqual([501, '*']);
    const limit = vi.spyOn(app.deps.limits, 'countFailure');
    limit.mockRejectedValueOnce(new AppError('too_many_attempts', 'Too many.'));
    expect(await allowed({ url: `${ORIGIN}/s/${'C'.repeat(22)}` })).toEqual([429, '*']);
    limit.mockRestore();
    const find = vi.spyOn(app.deps.sharePages, 'find');
    find.mockRejectedValueOnce(new Error('a fault of ours'));
    expect(await allowed({ url })).toEqual([500, '*']);
    find.mockRestore();
  });

  it('names our own origin without PUBLIC_URL, whatever the origin of the request', async () => {
    await using other = await createTestApp({ PUBLIC_URL: '' });
    const owner = await other.admin();
    const uploaded = mediaItem.parse(await (await owner.upload(await picture(), 'a.png')).json());
    const made = shareAnswer.parse(
      await (await owner.send('POST', '/api/shares', { itemIds: [uploaded.id] })).json(),
    ).share;
    for (const origin of ['https://blog.example', 'javascript://meemikansio.test/%0aalert(1)//']) {
      const headers = { origin };
      const page = await (await owner.request(`/s/${made.code}`, { headers })).text();
      expect(page).toContain(`content="${ORIGIN}/s/${made.code}"`);
      const answer = await owner.request(`/api/oembed?${new URLSearchParams({ url: made.url })}`, {
        headers,
      });
      expect([origin, answer.status]).toEqual([origin, 200]);
      for (const text of [page, await answer.text()]) expect(text).not.toContain(origin);
    }
  });

  it('answers 404 for addresses elsewhere, other pages, ended and unknown shares', async () => {
    const { url, code } = await share([await upload('Kissa')]);
    const revoked = await share([await upload('Kissa')]);
    await aino.send('DELETE', `/api/shares/${revoked.code}`);
    const wrong = [
      `https://elsewhere.example/s/${code}`,
      `http://meemikansio.test.elsewhere.example/s/${code}`,
      `http://meemikansio.test:81/s/${code}`,
      `http://meemikansio.test@elsewhere.example/s/${code}`,
      `javascript:alert(1)//meemikansio.test/s/${code}`,
      `${ORIGIN}/m/${code}`,
      `${ORIGIN}/s/${'A'.repeat(22)}`,
      `${ORIGIN}/s/${code}/file/0`,
      `${ORIGIN}/s/${code}x`,
      `${ORIGIN}/s/%00`,
      `/s/${code}`,
      'x',
      '',
      revoked.url,
    ];
    for (const address of wrong)
      expect([address, (await ask({ url: address })).status]).toEqual([address, 404]);
    expect((await ask({ url: `${url}?utm_source=x#y` })).status).toBe(200);
  });

  it('refuses what is no query of it', async () => {
    const { url } = await share([await upload('Kissa')]);
    const queries: Record<string, string>[] = [
      {},
      { url: 'x'.repeat(2001) },
      { url, maxwidth: '0' },
      { url, maxwidth: '-1' },
      { url, maxheight: 'wide' },
      { url, maxheight: '1e99' },
      { url: '\0' },
    ];
    for (const query of queries) expect([query, (await ask(query)).status]).toEqual([query, 422]);
  });
});
