import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../../app/logger.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { createShareOpens } from '../../../app/shares/opens.ts';
import { shareAnswer, type Share } from '../../../app/shares/shares.schema.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { BROWSERS } from '../../support/servers/crawlers.ts';
import { register } from '../../support/servers/http.ts';
import { picture } from '../../support/media/pictures.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';
import { startServer } from '../../support/servers/server.ts';

const headers = { 'user-agent': BROWSERS.Firefox };

async function shareOf(by: Visitor, count: number): Promise<Share> {
  const itemIds: string[] = [];
  for (let i = 0; i < count; i++)
    itemIds.push(mediaItem.parse(await (await by.upload(await picture(), 'meme.png')).json()).id);
  return shareAnswer.parse(await (await by.send('POST', '/api/shares', { itemIds })).json()).share;
}

describe('with a database', () => {
  let app: TestApp;
  let aino: Visitor;
  beforeAll(async () => {
    app = await createTestApp({ OCR: 'off' });
    aino = await app.admin();
  });
  afterAll(() => app[Symbol.asyncDispose]());
  afterEach(() => vi.restoreAllMocks());

  /** Counts the statements of the app during a request, without those of the job queue. */
  async function roundTrips(visitor: Visitor, path: string): Promise<number> {
    const query = vi.spyOn(Client.prototype, 'query');
    const response = await visitor.request(path, { headers });
    await response.arrayBuffer();
    const texts = query.mock.calls.map((call) => JSON.stringify(call[0] ?? ''));
    query.mockRestore();
    return texts.filter((text) => !/pgboss|statement_timeout|LISTEN/i.test(text)).length;
  }

  it('a share page costs one round trip, also for a member, a gallery, its files and an ended one', async () => {
    const [one, gallery, ended] = [await shareOf(aino, 1), await shareOf(aino, 3), await shareOf(aino, 1)];
    await aino.send('DELETE', `/api/shares/${ended.code}`);
    const nobody = app.visitor();
    await nobody.request(`/s/${one.code}`);
    expect(await roundTrips(aino, '/api/auth/me')).toBeGreaterThan(0);
    for (const visitor of [nobody, aino])
      for (const path of [
        `/s/${one.code}`,
        `/s/${one.code}/file/0`,
        `/s/${one.code}/poster/0`,
        `/s/${one.code}/download/0`,
        `/s/${gallery.code}`,
        `/s/${gallery.code}/2`,
        `/s/${ended.code}`,
        `/api/oembed?url=${ORIGIN}/s/${one.code}`,
      ])
        expect([path, await roundTrips(visitor, path)]).toEqual([path, 1]);
    expect(await roundTrips(nobody, '/s/x')).toBe(0);
  });

  it('openings wait for a database that refuses, and are written in one statement', async () => {
    const [one, two] = [await shareOf(aino, 1), await shareOf(aino, 1)];
    const opens = createShareOpens(app.deps.db, createLogger('silent', false));
    for (const code of [one.code, two.code, one.code]) opens.count(code);
    const query = vi.spyOn(Client.prototype, 'query').mockRejectedValue(new Error('refused'));
    await expect(opens.flush()).rejects.toThrow('refused');
    query.mockRestore();
    opens.count(two.code);
    const counted = vi.spyOn(Client.prototype, 'query');
    await opens.flush();
    await opens.flush();
    const writes = counted.mock.calls.filter((call) => JSON.stringify(call[0]).includes('last_opened_at'));
    expect(writes).toHaveLength(1);
    const rows = await app.deps.db
      .selectFrom('shares')
      .select(['code', 'opens'])
      .where('code', 'in', [one.code, two.code])
      .execute();
    expect(new Map(rows.map((row) => [row.code, row.opens]))).toEqual(
      new Map([
        [one.code, 2],
        [two.code, 2],
      ]),
    );
  });

  it('openings are written after a while', async () => {
    const { code } = await shareOf(aino, 1);
    const opens = createShareOpens(app.deps.db, createLogger('silent', false), { flushAfterMs: 10 });
    opens.count(code);
    const read = async () =>
      (
        await app.deps.db
          .selectFrom('shares')
          .select('opens')
          .where('code', '=', code)
          .executeTakeFirstOrThrow()
      ).opens;
    await expect.poll(read).toBe(1);
  });

  it('our own trouble is a page in words with 5xx', async () => {
    const { code } = await shareOf(aino, 1);
    vi.spyOn(app.deps.sharePages, 'find').mockRejectedValue(new Error('a fault of ours'));
    const response = await app.visitor().request(`/s/${code}`, { headers: { 'accept-language': 'fi' } });
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('Tämä ei onnistu juuri nyt');
  });
});

describe('the process', () => {
  it('writes the openings of the last seconds when it is asked to stop', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-shares-'));
    try {
      const first = await startServer({ dataDir, env: { OCR: 'off' } });
      const aino = await register(first.url);
      const { id } = await aino.upload(await picture(), 'meme.png');
      const own = { origin: first.url, cookie: aino.cookie, 'content-type': 'application/json' };
      const body = JSON.stringify({ itemIds: [id] });
      const made = await fetch(`${first.url}/api/shares`, { method: 'POST', headers: own, body });
      const { code } = shareAnswer.parse(await made.json()).share;
      for (let i = 0; i < 3; i++) await (await fetch(`${first.url}/s/${code}`, { headers })).text();
      expect(await first.stop()).toBe(0);

      const second = await startServer({ dataDir, env: { OCR: 'off' } });
      const told = await fetch(`${second.url}/api/shares/${code}`, { headers: { cookie: aino.cookie } });
      expect(shareAnswer.parse(await told.json()).share.opens).toBe(3);
      expect(await second.stop()).toBe(0);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

const missing = missingS3Server();
const because = missing === undefined ? '' : `: ${missing}`;

describe.skipIf(missing !== undefined)(`with the files in a bucket${because}`, () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server.stop());

  it('the files of a page are redirects that are asked for again; the card tells no key', async () => {
    const bucket = await createBucket(server, { origin: ORIGIN });
    await using app = await createTestApp({ ...bucket.env, OCR: 'off' });
    const aino = await app.admin();
    const { code } = await shareOf(aino, 1);
    const visit = (path: string) =>
      app.visitor().request(`/s/${code}${path}`, { headers, redirect: 'manual' });
    const policy = (await visit('')).headers.get('content-security-policy');
    const { origin } = new URL(bucket.options.publicUrl);
    expect(policy).toContain(`img-src 'self' ${origin}; media-src 'self' ${origin};`);
    for (const path of ['/file/0', '/poster/0', '/download/0']) {
      const sent = await visit(path);
      expect(sent.status).toBe(302);
      expect(sent.headers.get('cache-control')).toBe(
        path === '/download/0' ? 'no-store' : 'private, no-cache',
      );
      const file = await fetch(sent.headers.get('location') ?? '');
      expect(file.headers.get('content-type')).toMatch(/^image\//);
      await file.body?.cancel();
    }
    const saved = await fetch((await visit('/download/0')).headers.get('location') ?? '');
    expect(saved.headers.get('content-disposition')).toMatch(/^attachment; filename="meme.png"/);
    await saved.body?.cancel();
    const card = await visit('/card.jpg');
    expect([card.status, card.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    await card.body?.cancel();

    await aino.send('DELETE', `/api/shares/${code}`);
    for (const path of ['', '/file/0', '/download/0', '/card.jpg'])
      expect([path, (await visit(path)).status]).toEqual([path, 410]);
  });
});
