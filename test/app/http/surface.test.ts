import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, ORIGIN, type TestApp } from '../../support/servers/app.ts';
import { addressOf } from '../../support/servers/things.ts';
import { picture } from '../../support/media/pictures.ts';

const SCRIPT = "document.documentElement.dataset.theme = 'dark'";
const INLINE = `<script>${SCRIPT}</script><script src="/assets/main-abc.js"></script>`;

let app: TestApp;
let staticDir: string;
beforeAll(async () => {
  staticDir = await mkdtemp(join(tmpdir(), 'meemikansio-static-'));
  await mkdir(join(staticDir, 'assets'));
  await writeFile(join(staticDir, 'index.html'), `<!doctype html><title>page</title>${INLINE}`);
  await writeFile(join(staticDir, 'assets/main-abc.js'), 'console.log(1)');
  await writeFile(join(staticDir, 'assets/main-abc.js.gz'), gzipSync('console.log(1)'));
  app = await createTestApp({ STATIC_DIR: staticDir });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await rm(staticDir, { recursive: true, force: true });
});
const get = (path: string, headers: Record<string, string> = {}) => app.visitor().request(path, { headers });

describe('the page', () => {
  it.each(['/', '/m/01900000-0000-7000-8000-000000000000', '/anything/else'])(
    'is served for %s, always fresh',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toContain('<title>page</title>');
    },
  );

  it('names what it will ask for to a browser with a session, in the language it asks for', async () => {
    const cookie = '__Host-session=whatever';
    expect((await get('/', { cookie })).headers.get('link')).toBeNull();
    await writeFile(
      join(staticDir, 'preload.json'),
      JSON.stringify({
        en: ['/assets/p.js', '/assets/p.css', '/assets/en.js'],
        fi: ['/assets/fi.js'],
        sv: ['/assets/sv.js'],
      }),
    );
    expect((await get('/')).headers.get('link')).toBeNull();
    expect((await get('/', { cookie })).headers.get('link')).toBe(
      '</assets/p.js>; rel=modulepreload, </assets/p.css>; rel=preload; as=style; crossorigin, </assets/en.js>; rel=modulepreload, ' +
        '</api/auth/me>; rel=preload; as=fetch; crossorigin, </api/media?limit=60>; rel=preload; as=fetch; crossorigin',
    );
    const finnish = await get('/?q=x', { cookie: 'theme=a; session=b', 'accept-language': 'fi-FI,fi;q=0.9' });
    expect(finnish.headers.get('link')).toBe(
      '</assets/fi.js>; rel=modulepreload, </api/auth/me>; rel=preload; as=fetch; crossorigin',
    );
    const script = async (language: string) =>
      (await get('/', { cookie, 'accept-language': language })).headers.get('link')?.split(';')[0];
    // The build names the languages; for any other the links are the English ones.
    expect(await script('SV-FI,fi;q=0.9')).toBe('</assets/sv.js>');
    for (const other of ['de', 'constructor', '*', 'file-x'])
      expect(await script(other)).toBe('</assets/p.js>');
    const asset = await get('/assets/main-abc.js', { cookie });
    expect(asset.headers.get('link')).toBeNull();
  });

  it('runs nothing but its own scripts and cannot be framed', async () => {
    const policy = (await get('/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    const hash = createHash('sha256').update(SCRIPT).digest('base64');
    expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
  });

  it('has no body when it is unchanged, but all that a browser may need of its headers', async () => {
    const cookie = '__Host-session=whatever';
    const first = await get('/', { cookie });
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^".+"$/);
    const again = await get('/m/01900000-0000-7000-8000-000000000000', { cookie, 'if-none-match': tag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    for (const name of ['cache-control', 'content-security-policy', 'etag', 'link'])
      expect(again.headers.get(name), name).toBe(first.headers.get(name));
    expect((await get('/', { 'if-none-match': '"other"' })).status).toBe(200);
    const asset = await get('/assets/main-abc.js');
    expect(asset.headers.get('etag')).toBeNull();
  });

  it('keeps hashed assets for ever and sends them compressed', async () => {
    const response = await get('/assets/main-abc.js', { 'accept-encoding': 'gzip' });
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(response.headers.get('content-type')).toMatch(/javascript/);
    expect(response.headers.get('vary')).toMatch(/accept-encoding/i);
  });

  it('does not answer a missing asset with the page', async () => {
    expect((await get('/assets/gone-123.js')).status).toBe(404);
  });

  it.each(['/..%2f..%2fpackage.json', '/%2e%2e/package.json', '/assets/..%2f..%2f..%2fetc%2fpasswd'])(
    'does not leave its folder for %s',
    async (path) => {
      expect(await (await get(path)).text()).not.toMatch(/meemikansio"|root:/);
    },
  );
});

describe('the API', () => {
  it('answers an unknown address with its own error', async () => {
    const response = await get('/api/nothing/here');
    expect(response.status).toBe(404);
    expect(errorBody.parse(await response.json()).code).toBe('not_found');
  });

  it('gives every answer a request id and repeats a harmless one', async () => {
    expect((await get('/api/health')).headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect((await get('/api/health', { 'x-request-id': 'from-the-proxy' })).headers.get('x-request-id')).toBe(
      'from-the-proxy',
    );
    expect(
      (await get('/api/health', { 'x-request-id': 'a b<script>' })).headers.get('x-request-id'),
    ).not.toContain('<');
  });

  it('lives and is ready', async () => {
    expect(await (await get('/api/health')).json()).toMatchObject({ status: 'ok' });
    const ready = await get('/api/ready');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      ready: true,
      database: null,
      storage: null,
      storageAdvice: null,
      textReader: null,
      backup: null,
      jobs: null,
      lastBackup: null,
    });
  });

  it('is not ready without its database, says so, and still lives', async () => {
    await using broken = await createTestApp();
    expect((await broken.visitor().request('/api/ready')).status).toBe(200);
    await broken.deps.db.destroy();
    const response = await broken.visitor().request('/api/ready');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ ready: false, database: 'The database does not answer.' });
    expect((await broken.visitor().request('/api/health')).status).toBe(200);
  });

  it('hides what nobody expected behind a bare 500', async () => {
    await using broken = await createTestApp();
    const aino = await broken.admin();
    await broken.deps.db.schema.dropTable('media').cascade().execute();
    const response = await aino.request('/api/media');
    expect(response.status).toBe(500);
    const body = errorBody.parse(await response.json());
    expect(body).toEqual({
      code: 'internal',
      message: 'Something went wrong on the server.',
      requestId: body.requestId,
    });
    expect(response.headers.get('x-request-id')).toBe(body.requestId);
  });
});

describe('caches', () => {
  it('keep nothing that is private: neither answers of the API nor its errors', async () => {
    await using fresh = await createTestApp();
    const aino = await fresh.admin();
    const { id } = mediaItem.parse(await (await aino.upload(await picture(), 'a.png')).json());
    const rules = new Map<string, string | null>();
    for (const { operationId: name, method, path: route, ...operation } of await fresh.operations()) {
      const isJson = 'application/json' in (operation.responses['200']?.content ?? {});
      if (method !== 'GET' || operation['x-access'] === 'open' || !isJson) continue;
      const path = await addressOf(route, aino, aino);
      const answers = [await aino.request(path), await fresh.visitor().request(path)];
      expect([name, ...answers.map(({ status }) => status)]).toEqual([name, 200, 401]);
      for (const response of answers) rules.set(`${name} ${response.status}`, cacheRule(response));
    }
    expect(rules.size).toBeGreaterThan(20);
    expect([...new Set(rules.values())]).toEqual(['no-store']);
    expect(cacheRule(await aino.request('/api/auth/me'))).toBe('no-store');
    expect(cacheRule(await aino.send('PATCH', `/api/media/${id}`, { title: 'x' }))).toBe('no-store');
    expect(
      cacheRule(await aino.request('/api/media?limit=60', { headers: { 'accept-encoding': 'gzip' } })),
    ).toBe('no-store');
  });

  it('keep what is public as before, and a picture for the clipboard if it is asked about again', async () => {
    await using fresh = await createTestApp();
    const aino = await fresh.admin();
    const item = mediaItem.parse(await (await aino.upload(await picture(), 'a.png')).json());
    const rule = async (path: string, headers = {}) => {
      const response = await aino.request(path, { headers });
      return `${response.status} ${cacheRule(response)}`;
    };
    const file = new URL(item.url, ORIGIN).pathname;
    expect(await rule('/api/health')).toBe('200 null');
    expect(await rule('/api/ready')).toBe('200 null');
    expect(await rule(file)).toBe('200 public, no-cache');
    const etag = `"${file.split('/').at(-1)}"`;
    expect(await rule(file, { 'if-none-match': etag })).toBe('304 public, no-cache');
    expect(await rule(`/api/media/${item.id}/clipboard`)).toBe('200 private, no-cache');
  });
});

const cacheRule = (response: Response) => response.headers.get('cache-control');
