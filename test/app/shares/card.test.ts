import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { cardSize, makeCard, MAX_CARD_BYTES } from '../../../app/shares/card-picture.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { sweepOrphans, verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { BROWSERS, CRAWLERS } from '../../support/servers/crawlers.ts';
import { picture } from '../../support/media/pictures.ts';
import { blobOf, ffmpeg, pattern, VIDEO_MAKERS } from '../../support/media/videos.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

async function upload(file: Blob, title = '', text = ''): Promise<string> {
  const response = await aino.upload(file, 'meme.png', { title });
  const { id } = mediaItem.parse(await response.json());
  if (text !== '') await aino.send('PATCH', `/api/media/${id}`, { text });
  return id;
}

const share = async (itemIds: string[]) =>
  shareAnswer.parse(await (await aino.send('POST', '/api/shares', { itemIds })).json()).share.code;

const visit = (path: string, userAgent: string = CRAWLERS.Discord, headers: Record<string, string> = {}) =>
  app.visitor().request(path, { headers: { 'user-agent': userAgent, ...headers } });

/** Reads the tags of a page as a crawler does: the first content of each name. */
async function tagsOf(path: string, userAgent?: string): Promise<Map<string, string>> {
  const page = await (await visit(path, userAgent)).text();
  const head = page.slice(0, page.indexOf('</head>'));
  const tags = new Map<string, string>();
  for (const [, name = '', content = ''] of head.matchAll(
    /<meta (?:property|name)="([^"]+)" content="([^"]*)">/g,
  ))
    if (!tags.has(name)) tags.set(name, unescape(content));
  return tags;
}

const unescape = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Checks the picture of a card against the rules of chats, and its tags against the picture. */
async function checkPicture(tags: Map<string, string>) {
  const url = tags.get('og:image') ?? '';
  expect(url.startsWith(`${ORIGIN}/s/`)).toBe(true);
  const response = await visit(url.slice(ORIGIN.length));
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(Number(response.headers.get('content-length'))).toBe(bytes.length);
  const { format, width, height } = await sharp(bytes).metadata();
  expect(format).toBe('jpeg');
  expect(bytes.length).toBeLessThanOrEqual(300_000);
  expect(Math.max(width, height)).toBeLessThanOrEqual(1200);
  expect(Math.min(width, height)).toBeGreaterThanOrEqual(300);
  expect(tags.get('og:image:type')).toBe('image/jpeg');
  expect([tags.get('og:image:width'), tags.get('og:image:height')]).toEqual([String(width), String(height)]);
  return { bytes, width, height };
}

describe('the card of a picture', () => {
  it.each(Object.entries(CRAWLERS))('follows the rules of %s', async (_name, userAgent) => {
    const words = 'When you finally find the meme '.repeat(12).trim();
    const code = await share([await upload(await picture('webp'), 'Mökki "& <sauna>', words)]);
    const response = await visit(`/s/${code}`, userAgent);
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual([]);
    const tags = await tagsOf(`/s/${code}`, userAgent);
    expect(Object.fromEntries(tags)).toMatchObject({
      'og:site_name': 'meemikansio',
      'og:type': 'website',
      'og:url': `${ORIGIN}/s/${code}`,
      'og:title': 'Mökki "& <sauna>',
      'twitter:card': 'summary_large_image',
      'twitter:title': 'Mökki "& <sauna>',
      'twitter:image': tags.get('og:image'),
      robots: 'noindex',
    });
    const description = tags.get('og:description') ?? '';
    expect(description.length).toBeLessThanOrEqual(200);
    expect(description).toMatch(/ (When|you|finally|find|the|meme)…$/);
    expect(tags.get('og:image:alt')).toMatch(/^When you finally/);
    await checkPicture(tags);
  });

  it('comes early enough, and has theme colours and icons', async () => {
    const code = await share([await upload(await picture())]);
    const page = await (await visit(`/s/${code}`)).text();
    // Some crawlers read only the beginning of a page.
    expect(page.indexOf('</head>')).toBeLessThan(10_000);
    expect(page).toMatch(/<meta name="theme-color" media="\(prefers-color-scheme: dark\)" content="#\w{6}">/);
    expect(page).toContain(`<link rel="icon" href="${ORIGIN}/icon.svg" type="image/svg+xml">`);
    expect(page).toContain(`<link rel="apple-touch-icon" href="${ORIGIN}/apple-touch-icon.png">`);
    expect(page).toContain(
      `<link rel="alternate" type="application/json+oembed" href="${ORIGIN}/api/oembed?format=json&amp;url=${encodeURIComponent(`${ORIGIN}/s/${code}`)}"`,
    );
  });

  it('has no description without words, and a title in the language of the crawler', async () => {
    const code = await share([await upload(await picture())]);
    expect((await tagsOf(`/s/${code}`)).has('og:description')).toBe(false);
    const finnish = await (await visit(`/s/${code}`, CRAWLERS.Slack, { 'accept-language': 'fi-FI' })).text();
    expect(finnish).toContain('<meta property="og:title" content="Kuva">');
    expect(finnish).toContain('<meta property="og:locale" content="fi_FI">');
  });

  it('is made once, stored, kept by the sweep and deleted with the item', async () => {
    const id = await upload(await picture());
    const code = await share([id]);
    const load = async () => Buffer.from(await (await visit(`/s/${code}/card.jpg`)).arrayBuffer());
    const [first, again] = await Promise.all([load(), load()]);
    expect(again.equals(first)).toBe(true);
    const key = async () =>
      (
        await app.deps.db
          .selectFrom('media')
          .select('card_key')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
      ).card_key;
    const made = (await key()) ?? '';
    expect(made).toMatch(/\.jpg$/);
    expect(await sweepOrphans(app.deps, app.deps.logger, 0)).toBe(0);
    expect((await load()).equals(first)).toBe(true);
    expect(await key()).toBe(made);
    expect(await verifyStorage(app.deps)).toMatchObject({ missing: [], orphans: [] });
    // A storage that lost it makes it again.
    await app.deps.storage.delete(made);
    expect((await load()).equals(first)).toBe(true);
    expect(await key()).not.toBe(made);
    // Another file of the item gets another card, and the old one is deleted.
    const form = new FormData();
    form.set('file', await picture('jpeg', { width: 500, height: 500 }), 'other.jpg');
    await aino.request(`/api/media/${id}/file`, { method: 'PUT', body: form });
    expect(await key()).toBeNull();
    const { width } = await sharp(await load()).metadata();
    expect(width).toBe(600);
    expect(await sweepOrphans(app.deps, app.deps.logger, 0)).toBe(0);
  });
});

describe('the sharing picture', () => {
  const draw = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#c04040' } })
      .png()
      .toBuffer();

  it.each([
    ['wide', 4000, 1000, { width: 1200, height: 300 }],
    ['tall, which is shown whole', 600, 6000, { width: 300, height: 1200 }],
    ['tiny', 40, 30, { width: 600, height: 450 }],
    ['a line', 2000, 2, { width: 1200, height: 300 }],
    ['small enough', 900, 700, { width: 900, height: 700 }],
  ])('of a picture that is %s', async (_kind, width, height, expected) => {
    expect(cardSize({ width, height })).toEqual(expected);
    const jpeg = await makeCard(await draw(width, height), { width, height });
    const made = await sharp(jpeg).metadata();
    expect({ width: made.width, height: made.height }).toEqual(expected);
  });

  it('fits in 300 kB even for noise', async () => {
    const side = 1600;
    const noise = await sharp(randomBytes(side * side * 3), {
      raw: { width: side, height: side, channels: 3 },
    })
      .png()
      .toBuffer();
    const jpeg = await makeCard(noise, { width: side, height: side });
    expect(jpeg.length).toBeLessThanOrEqual(MAX_CARD_BYTES);
    expect((await sharp(jpeg).metadata()).width).toBe(1200);
  });

  it('shows light words of a transparent picture on a dark background', async () => {
    const words = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect x="100" y="250" width="600" height="90" fill="#fff"/></svg>',
    );
    const jpeg = await makeCard(await sharp(words).png().toBuffer(), { width: 800, height: 600 });
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    expect(data[0]).toBeLessThan(60);
    expect(data[(300 * info.width + 400) * info.channels]).toBeGreaterThan(220);
  });
});

describe('the card of a gallery', () => {
  it('shows its first pictures and counts them', async () => {
    const colours = ['#ff0000', '#00ff00', '#0000ff', '#ffff00', '#ffffff'];
    const ids: string[] = [];
    for (const [i, background] of colours.entries()) {
      const bytes = await sharp({ create: { width: 500 + i, height: 400, channels: 3, background } })
        .png()
        .toBuffer();
      ids.push(await upload(new Blob([Uint8Array.from(bytes)]), `Numero ${i}`));
    }
    const code = await share(ids);
    const tags = await tagsOf(`/s/${code}`);
    expect(tags.get('og:title')).toBe('5 pictures');
    expect(tags.get('og:description')).toBe('Numero 0 · Numero 1 · Numero 2 · Numero 3 · Numero 4');
    const { bytes, width, height } = await checkPicture(tags);
    expect([width, height]).toEqual([1200, 630]);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) =>
      Array.from({ length: 3 }, (_, c) => (data[(y * info.width + x) * info.channels + c] ?? 0) > 128);
    expect([at(300, 150), at(900, 150), at(300, 480), at(900, 480)]).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
      [true, true, false],
    ]);
  });
});

describe('people and crawlers', () => {
  const opensOf = async (code: string) => {
    const response = await aino.request(`/api/shares/${code}`);
    return shareAnswer.parse(await response.json()).share;
  };

  it.each(Object.entries(BROWSERS))('are told apart: %s counts', async (_name, userAgent) => {
    const code = await share([await upload(await picture())]);
    const before = Date.now();
    await visit(`/s/${code}`, userAgent);
    await visit(`/s/${code}`, userAgent);
    const { opens, lastOpenedAt } = await opensOf(code);
    expect(opens).toBe(2);
    expect(Date.parse(lastOpenedAt ?? '')).toBeGreaterThanOrEqual(before - 1);
  });

  it.each(Object.entries(CRAWLERS))('are told apart: %s does not', async (_name, userAgent) => {
    const code = await share([await upload(await picture())]);
    await visit(`/s/${code}`, userAgent);
    expect(await opensOf(code)).toMatchObject({ opens: 0, lastOpenedAt: null });
  });

  it('do not count files, ranges, HEAD, prefetches, reloads of a waiting page and nameless programs', async () => {
    const code = await share([await upload(await picture())]);
    const { Firefox } = BROWSERS;
    for (const path of ['/file/0', '/poster/0', '/card.jpg', '/download/0', '?wait'])
      await visit(`/s/${code}${path}`, Firefox);
    await visit(`/s/${code}/file/0`, Firefox, { range: 'bytes=100-' });
    await visit(`/s/${code}`, Firefox, { range: 'bytes=100-' });
    await visit(`/s/${code}`, Firefox, { 'sec-purpose': 'prefetch;prerender' });
    await visit(`/s/${code}`, '');
    await visit(`/s/${code}`, 'curl/8.5.0');
    await app.visitor().request(`/s/${code}`, { method: 'HEAD', headers: { 'user-agent': Firefox } });
    expect((await opensOf(code)).opens).toBe(0);
  });
});

describe('the card of an animation', () => {
  it('names a short clip beside the picture, once there is one', async () => {
    const busy = await createTestApp({ OCR: 'off' });
    try {
      const admin = await busy.admin();
      const gif = ffmpeg(['-f', 'lavfi', '-i', pattern({ size: '500x300' })], 'gif');
      const { id } = mediaItem.parse(await (await admin.upload(blobOf(gif), 'a.gif')).json());
      const { code } = shareAnswer.parse(
        await (await admin.send('POST', '/api/shares', { itemIds: [id] })).json(),
      ).share;
      const open = async () => (await busy.visitor().request(`/s/${code}`)).text();
      const early = await open();
      // The original plays at once, and stands still for readers who want no motion.
      expect(early).toContain(
        `<source media="(prefers-reduced-motion: reduce)" srcset="${ORIGIN}/s/${code}/poster/0"><img src="${ORIGIN}/s/${code}/file/0"`,
      );
      expect(early).not.toContain('og:video');
      expect((await busy.visitor().request(`/s/${code}/preview/0`)).status).toBe(404);
      await busy.work();
      await expect
        .poll(open, { interval: 200 })
        .toContain(`<meta property="og:video" content="${ORIGIN}/s/${code}/preview/0">`);
      const page = await open();
      expect(page).toContain('<meta property="og:video:width" content="400">');
      expect(page).toContain('<meta property="og:video:height" content="240">');
      expect(page).toContain('<meta property="og:video:type" content="video/mp4">');
      const preview = await busy.visitor().request(`/s/${code}/preview/0`);
      expect(preview.headers.get('content-type')).toBe('video/mp4');
      await preview.body?.cancel();
    } finally {
      await busy[Symbol.asyncDispose]();
    }
  });
});

describe('the card of a video', () => {
  it('says that the video is being processed, then names a clip that plays', async () => {
    const busy = await createTestApp({ OCR: 'off' });
    try {
      const admin = await busy.admin();
      const response = await admin.upload(blobOf(VIDEO_MAKERS.mov()), 'clip.mov');
      const { id } = mediaItem.parse(await response.json());
      const { code } = shareAnswer.parse(
        await (await admin.send('POST', '/api/shares', { itemIds: [id] })).json(),
      ).share;
      const open = async () => {
        const page = await busy.visitor().request(`/s/${code}`, { headers: { 'accept-language': 'fi' } });
        expect(page.status).toBe(200);
        return page.text();
      };
      const waiting = await open();
      expect(waiting).toContain('Tätä käsitellään vielä');
      expect(waiting).toContain(`<meta http-equiv="refresh" content="5;url=${ORIGIN}/s/${code}?wait=1">`);
      expect(waiting).not.toMatch(/<video|og:video|og:image/);
      expect((await busy.visitor().request(`/s/${code}/card.jpg`)).status).toBe(404);

      await busy.work();
      await expect.poll(open, { interval: 200 }).toContain('<video');
      const page = await open();
      expect(page).not.toMatch(/http-equiv="refresh"/);
      expect(page).toContain(
        `<video src="${ORIGIN}/s/${code}/file/0" poster="${ORIGIN}/s/${code}/poster/0" controls`,
      );
      expect(page).toContain(`<meta property="og:video" content="${ORIGIN}/s/${code}/file/0">`);
      expect(page).toContain('<meta property="og:video:type" content="video/mp4">');
      expect(page).toMatch(/<meta property="og:video:width" content="\d+">/);
      expect(page).toContain('<meta property="og:type" content="video.other">');
      const file = await busy.visitor().request(`/s/${code}/file/0`, { headers: { range: 'bytes=4-7' } });
      expect([file.status, file.headers.get('content-type'), await file.text()]).toEqual([
        206,
        'video/mp4',
        'ftyp',
      ]);
      const card = await busy.visitor().request(`/s/${code}/card.jpg`);
      const { width, height } = await sharp(Buffer.from(await card.arrayBuffer())).metadata();
      expect(page).toContain(`<meta property="og:image:width" content="${width}">`);
      expect(page).toContain(`<meta property="og:image:height" content="${height}">`);
    } finally {
      await busy[Symbol.asyncDispose]();
    }
  });
});
