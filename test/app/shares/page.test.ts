import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer, type Share } from '../../../app/shares/shares.schema.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { animation, picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

async function upload(title = '', file?: Blob): Promise<string> {
  const response = await aino.upload(file ?? (await picture()), 'meme.png', { title });
  return mediaItem.parse(await response.json()).id;
}

async function share(itemIds: string[], more = {}): Promise<Share> {
  const response = await aino.send('POST', '/api/shares', { itemIds, ...more });
  expect(response.status).toBe(201);
  return shareAnswer.parse(await response.json()).share;
}

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
/** A stranger's browser, without cookies. */
const visit = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.visitor().request(path, { method, headers: { 'user-agent': FIREFOX, ...headers } });

const setText = (id: string, text: string) => aino.send('PATCH', `/api/media/${id}`, { text });
const expire = (code: string) =>
  app.deps.db
    .updateTable('shares')
    .set({ expires_at: sql`now() - interval '1 second'` })
    .where('code', '=', code)
    .execute();

describe('the share page of a picture', () => {
  it('shows picture, title and download to a stranger, without a script, a cookie or a name', async () => {
    const id = await upload('Yksi ei vain <i>kävele</i>');
    await setText(id, 'One does not "simply" <b>walk</b>');
    const { code } = await share([id]);
    const response = await visit(`/s/${code}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get('x-robots-tag')).toBe('noindex');
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
    const page = await response.text();
    expect(page).toContain('<h1>Yksi ei vain &lt;i&gt;kävele&lt;/i&gt;</h1>');
    expect(page).toContain(
      `<img src="${ORIGIN}/s/${code}/file/0" alt="One does not &quot;simply&quot; &lt;b&gt;walk&lt;/b&gt;" width="320" height="200">`,
    );
    expect(page).toContain(`href="${ORIGIN}/s/${code}/download/0"`);
    expect(page).not.toMatch(/<script|<i>|<b>|Aino|\/m\//);
  });

  it('shows a strip at its full height, and the screenshot of a phone within the window', async () => {
    const strip = await upload('', await picture('png', { width: 100, height: 300 }));
    const phone = await upload('', await picture('png', { width: 117, height: 253 }));
    const page = async (id: string) => (await visit(`/s/${(await share([id])).code}`)).text();
    expect(await page(strip)).toContain('width="100" height="300" class="tall">');
    expect(await page(phone)).toContain('width="117" height="253">');
  });

  it('names the one who shares only if that was chosen', async () => {
    const { code } = await share([await upload()], { showSharer: true });
    expect(await (await visit(`/s/${code}`)).text()).toContain('Shared by Aino');
    await aino.send('PATCH', `/api/shares/${code}`, { showSharer: false });
    expect(await (await visit(`/s/${code}`)).text()).not.toContain('Aino');
  });

  it('speaks the language of the reader', async () => {
    const { code } = await share([await upload()]);
    const langOf = async (accept?: string) =>
      /<html lang="(\w+)"/.exec(
        await (await visit(`/s/${code}`, accept === undefined ? {} : { 'accept-language': accept })).text(),
      )?.[1];
    expect(await langOf('fi-FI,fi;q=0.9,en;q=0.8')).toBe('fi');
    expect(await langOf('xx;q=1, en;q=0.3, fi;q=0.4')).toBe('fi');
    expect(await langOf('en-GB')).toBe('en');
    for (const odd of ['', '*', 'fi;q=0', ';;;,,,', 'constructor', 'q=1'.repeat(500)])
      expect(await langOf(odd)).toBe('en');
    expect(await langOf()).toBe('en');
    expect(await (await visit(`/s/${code}`, { 'accept-language': 'fi' })).text()).toContain('>Lataa<');
  });

  it('leads a member into the folder, by a session that exists', async () => {
    const id = await upload();
    const { code } = await share([id]);
    const own = await (await aino.request(`/s/${code}`)).text();
    expect(own).toContain(`<a href="${ORIGIN}/m/${id}">Open in the folder</a>`);
    const leaver = await app.member(aino, 'Leaver');
    const cookie = leaver.cookie();
    expect(await (await visit(`/s/${code}`, { cookie })).text()).toContain('/m/');
    await leaver.send('POST', '/api/auth/logout');
    for (const stale of [cookie, 'session=x', 'session=eyJhbGciOiJub25lIn0.eyJzaWQiOiJ4In0.'])
      expect(await (await visit(`/s/${code}`, { cookie: stale })).text()).not.toContain('/m/');
  });

  it('renews no session', async () => {
    const { code } = await share([await upload()]);
    const old = await app.member(aino, 'Old');
    await app.deps.db
      .updateTable('sessions')
      .set({ last_seen_at: sql`now() - interval '2 hours'` })
      .execute();
    const response = await old.request(`/s/${code}`);
    expect(await response.text()).toContain('/m/');
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('has at most 10 kB before the picture, also with the longest texts', async () => {
    const id = await upload('Ä'.repeat(200));
    await setText(id, '"&<> '.repeat(2000));
    const { code } = await share([id], { showSharer: true });
    const page = await (await aino.request(`/s/${code}`)).text();
    const before = page.slice(0, page.indexOf('<img'));
    expect(Buffer.byteLength(before)).toBeLessThanOrEqual(10_000);
  });

  it('permits its own pictures and style and nothing else, and no frame', async () => {
    const { code } = await share([await upload()]);
    const { headers } = await visit(`/s/${code}`);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src 'self'; media-src 'self'; style-src 'sha256-[\w+/=]+'$/,
    );
    const page = await (await visit(`/s/${code}`)).text();
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? '';
    expect(policy).toContain(createHash('sha256').update(style).digest('base64'));
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('answers HEAD as GET, without a body', async () => {
    const { code } = await share([await upload()]);
    for (const path of ['', '/file/0', '/poster/0', '/download/0', '/card.jpg']) {
      const response = await visit(`/s/${code}${path}`, {}, 'HEAD');
      expect([path, response.status]).toEqual([path, 200]);
      expect(await response.text()).toBe('');
    }
    expect((await visit('/s/x', {}, 'HEAD')).status).toBe(404);
  });

  it('is also found with a slash at the end of its address, and odd slashes are no fault', async () => {
    const [one, two] = [await upload(), await upload()];
    const { code } = await share([one, two]);
    const places = {
      '/': '',
      '//': '',
      '/?utm_source=x': '?utm_source=x',
      '/1/': '/1',
      '/1//?wait': '/1?wait',
    };
    for (const method of ['GET', 'HEAD'])
      for (const [path, page] of Object.entries(places)) {
        const response = await visit(`/s/${code}${path}`, {}, method);
        expect([path, response.status, response.headers.get('location')]).toEqual([
          path,
          308,
          `/s/${code}${page}`,
        ]);
        expect((await visit(`/s/${code}${page}`, {}, method)).status).toBe(200);
      }
    const odd = ['/file/0/', '/card.jpg/', '//0', '//card.jpg', '/0//card.jpg', '/file//0', '/%2F'];
    for (const path of [...odd, '/1000000000/'])
      expect([path, (await visit(`/s/${code}${path}`)).status]).toEqual([path, 404]);
    for (const path of [
      `/s//${code}`,
      '/s/',
      '/s//',
      `/s/${code}x/`,
      `/s/${'A'.repeat(21)}/`,
      '/s//elsewhere.example/',
    ])
      expect([path, (await visit(path)).status]).toEqual([path, 404]);
    expect((await visit(`/s/${code}/`, {}, 'POST')).status).toBe(404);
  });

  it('takes odd Accept headers', async () => {
    const { code } = await share([await upload()]);
    for (const accept of ['*/*', 'image/webp', 'application/json', ';;', 'text/html;q=0'])
      expect((await visit(`/s/${code}`, { accept })).headers.get('content-type')).toMatch(/^text\/html/);
  });
});

describe('the files of a share', () => {
  it('are the bytes, in whole and in ranges, and are asked for again', async () => {
    const file = await picture();
    const { code } = await share([await upload('Kissa', file)]);
    const response = await visit(`/s/${code}/file/0`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect((await sharp(bytes).metadata()).width).toBe(320);
    const part = await visit(`/s/${code}/file/0`, { range: 'bytes=0-3' });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(0, 4));
    const etag = response.headers.get('etag') ?? '';
    expect((await visit(`/s/${code}/file/0`, { 'if-none-match': etag })).status).toBe(304);
    expect((await visit(`/s/${code}/file/0`, { range: `bytes=${bytes.length}-` })).status).toBe(416);
  });

  it('tell nobody the key of the file', async () => {
    const id = await upload('', await picture());
    await app.deps.db.updateTable('media').set({ original_name: '' }).where('id', '=', id).execute();
    const { code } = await share([id]);
    const row = await app.deps.db
      .selectFrom('media')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const keys = [row.object_key, row.thumb_key ?? ''].map((key) => key.split('.')[0] ?? '');
    for (const path of ['', '/file/0', '/poster/0', '/download/0', '/card.jpg']) {
      const { headers } = await visit(`/s/${code}${path}`);
      const page = path === '' ? await (await visit(`/s/${code}`)).text() : '';
      const told = JSON.stringify([...headers]) + page;
      for (const key of keys) expect(told).not.toContain(key);
    }
  });

  it('are saved under the title', async () => {
    const { code } = await share([await upload('Kissa: "1/2"')]);
    const disposition = (await visit(`/s/${code}/download/0`)).headers.get('content-disposition');
    expect(disposition).toMatch(/^attachment; filename="Kissa 1 2\.png"/);
  });

  it('may be embedded by other sites, and are documents without permissions', async () => {
    const { code } = await share([await upload()]);
    for (const path of ['/file/0', '/card.jpg', '/0/card.jpg']) {
      const { headers } = await visit(`/s/${code}${path}`);
      expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-robots-tag')).toBe('noindex');
    }
  });

  it('are 404 for places and roles that are not there', async () => {
    const { code } = await share([await upload()]);
    for (const path of ['/file/1', '/file/99', '/file/100', '/file/-1', '/file/x', '/file', '/preview/0'])
      expect([path, (await visit(`/s/${code}${path}`)).status]).toEqual([path, 404]);
    for (const path of ['/thumb/0', '/file/0/x', '/1', '/1/card.jpg'])
      expect([path, (await visit(`/s/${code}${path}`)).status]).toEqual([path, 404]);
  });
});

describe('an ended share', () => {
  const ends: [string, (share: Share, id: string) => Promise<unknown>][] = [
    ['revoked', ({ code }) => aino.send('DELETE', `/api/shares/${code}`)],
    ['expired', ({ code }) => expire(code)],
    ['trashed', (_share, id) => aino.send('DELETE', `/api/media/${id}`)],
    ['deleted', (_share, id) => app.deps.db.deleteFrom('media').where('id', '=', id).execute()],
  ];
  it.each(ends)('that is %s answers 410 in words that tell nothing of it', async (_how, end) => {
    const id = await upload('Salaisuus');
    const made = await share([id], { showSharer: true });
    expect((await visit(`/s/${made.code}/card.jpg`)).status).toBe(200);
    await end(made, id);
    const pages = new Set<string>();
    for (const path of ['', '/0', '/file/0', '/poster/0', '/download/0', '/card.jpg']) {
      const response = await visit(`/s/${made.code}${path}`, { 'accept-language': 'fi' });
      expect([path, response.status]).toEqual([path, 410]);
      pages.add(await response.text());
    }
    const [page = ''] = pages;
    expect(pages.size).toBe(1);
    expect(page).toContain('Tämä linkki on päättynyt');
    expect(page).not.toMatch(/Salaisuus|Aino|og:|card\.jpg/);
    expect(page).not.toContain(made.code);
  });

  it('lives again with its restored item', async () => {
    const id = await upload();
    const { code } = await share([id]);
    await aino.send('DELETE', `/api/media/${id}`);
    expect((await visit(`/s/${code}`)).status).toBe(410);
    await aino.send('POST', `/api/media/${id}/restore`);
    expect((await visit(`/s/${code}`)).status).toBe(200);
  });
});

describe('a wrong code', () => {
  it('is a page in words with 404, whatever it is made of', async () => {
    const codes = [
      'x',
      'A'.repeat(21),
      'A'.repeat(23),
      'A'.repeat(22),
      '%00',
      '%zz',
      '%C3',
      'ä',
      '..%2f',
      '"><b>',
    ];
    for (const code of [...codes, 'A'.repeat(5000), '']) {
      const response = await visit(`/s/${code}`);
      expect([code, response.status]).toEqual([code, 404]);
      const page = await response.text();
      expect(page).toContain('There is nothing here');
      expect(page).not.toContain('<b>');
    }
    expect((await visit('/s')).status).toBe(404);
    expect((await visit(`/s/${'A'.repeat(22)}`, {}, 'POST')).status).toBe(404);
  });

  it('is guessed a limited number of times from one address, which shuts nobody out', async () => {
    const { code } = await share([await upload()]);
    const from = { 'x-forwarded-for': '203.0.113.7' };
    const statuses = new Map<number, number>();
    for (let i = 0; i < 1000; i++) {
      const guess = String(i).padStart(22, 'A');
      const { status, headers } = await visit(`/s/${guess}${i % 2 ? '' : '/file/0'}`, from);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect([...statuses.keys()].toSorted()).toEqual([404, 429]);
    expect(statuses.get(429)).toBeGreaterThan(800);
    // Somebody else behind the same address opens what exists.
    expect((await visit(`/s/${code}`, from)).status).toBe(200);
  });
});

describe('a gallery', () => {
  it('shows its items in order, each with a page and files of its own', async () => {
    const ids = [await upload('Eka'), await upload(''), await upload('Kolmas', await animation())];
    const { code } = await share(ids);
    const page = await (await visit(`/s/${code}`)).text();
    expect(page).toContain('<h1>3 pictures and videos</h1>');
    expect([...page.matchAll(/<a href="[^"]+\/s\/[\w-]+\/(\d+)"><img/g)].map(([, n]) => n)).toEqual([
      '0',
      '1',
      '2',
    ]);
    const second = await (await visit(`/s/${code}/1`)).text();
    expect(second).toContain('<h1>A picture</h1>');
    expect(second).toContain('2 of 3');
    expect(second).toContain(`<a href="${ORIGIN}/s/${code}/2" rel="next">`);
    expect(second).toContain(`content="${ORIGIN}/s/${code}/1/card.jpg"`);
    expect((await visit(`/s/${code}/file/2`)).headers.get('content-type')).toBe('image/gif');
    expect((await visit(`/s/${code}/3`)).status).toBe(404);
  });

  it('leaves out a trashed item and keeps the addresses of the others', async () => {
    const ids = [await upload('Eka'), await upload('Toka'), await upload('Kolmas')];
    const { code } = await share(ids);
    const before = Buffer.from(await (await visit(`/s/${code}/card.jpg`)).arrayBuffer());
    await aino.send('DELETE', `/api/media/${ids[0]}`);
    const page = await (await visit(`/s/${code}`)).text();
    expect(page).not.toContain('Eka');
    expect(page).toContain('<h1>2 pictures</h1>');
    expect((await visit(`/s/${code}/file/0`)).status).toBe(404);
    expect((await visit(`/s/${code}/file/2`)).status).toBe(200);
    // The sharing picture of the gallery no longer shows the trashed one, and the old one is gone.
    const after = Buffer.from(await (await visit(`/s/${code}/card.jpg`)).arrayBuffer());
    expect(after.equals(before)).toBe(false);
    const { card_key } = await app.deps.db
      .selectFrom('shares')
      .select('card_key')
      .where('code', '=', code)
      .executeTakeFirstOrThrow();
    const stored = (await app.files()).filter((path) => path.endsWith('.jpg'));
    expect(stored.some((path) => path.includes(card_key ?? 'none'))).toBe(true);
  });

  it('holds 100 items', async () => {
    const id = await upload();
    const row = await app.deps.db
      .selectFrom('media')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const copies = Array.from({ length: 100 }, (_, i) => {
      const hex = i.toString(16).padStart(4, '0');
      const key = (at: string) => `${at}000000-0000-4000-8000-00000000${hex}`;
      const id = key('01');
      return {
        ...row,
        id,
        sha256: hex.repeat(16),
        object_key: `${key('02')}.png`,
        thumb_key: `${key('03')}.webp`,
      };
    });
    await app.deps.db.insertInto('media').values(copies).execute();
    const { code } = await share(copies.map((copy) => copy.id));
    const page = await (await visit(`/s/${code}`)).text();
    expect(page.match(/<li>/g)).toHaveLength(100);
    expect(Buffer.byteLength(page.slice(0, page.indexOf('<img')))).toBeLessThanOrEqual(10_000);
  });
});
