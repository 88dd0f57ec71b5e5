import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { startServer } from './server.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { AppPage } from './pages/app.page.ts';

const BUILD = join(import.meta.dirname, '../../dist/client');

test('it can be installed: a manifest in each language with real icons, and a worker in control', async ({
  signedIn: page,
}) => {
  const app = new AppPage(page);
  await app.controlled();
  for (const language of ['en', 'fi']) {
    const response = await page.request.get(`/manifest.${language}.webmanifest`);
    expect(response.headers()['content-type']).toContain('application/manifest+json');
    const manifest = await response.json();
    expect(manifest).toMatchObject({ lang: language, start_url: '/', display: 'standalone' });
    expect(manifest.share_target).toMatchObject({ action: '/share', method: 'POST' });
    const bitmaps = manifest.icons.filter(({ type }: { type: string }) => type === 'image/png');
    expect(bitmaps.map(({ purpose }: { purpose: string }) => purpose)).toContain('maskable');
    for (const { src, sizes } of bitmaps) {
      const { width, height } = await sharp(await (await page.request.get(src)).body()).metadata();
      expect(`${width}x${height}`).toBe(sizes);
    }
  }
  const worker = await page.request.get('/sw.js');
  expect(worker.headers()['cache-control']).toBe('no-cache');
  expect(worker.headers()['content-security-policy']).toContain("worker-src 'self'");
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A test browser is a private window, which installs nothing. That is the only allowed error.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  const kept = await app.kept();
  const [shell = '', ...more] = Object.keys(kept).filter((name) => name.startsWith('shell-'));
  expect(more).toEqual([]);
  // A first visit has what it loaded; the next one gets the rest of the release.
  const assets = await readdir(join(BUILD, 'assets'));
  // The page and the icon, besides the hashed files.
  const all = assets.filter((name) => /\.(?:js|css|woff2)$/.test(name)).length + 2;
  expect(kept[shell]).toBeLessThan(all);
  await page.reload();
  await expect.poll(async () => (await app.kept())[shell]).toBe(all);
  const urls = await page.evaluate(async () => {
    const all = [];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) all.push(new URL(url).pathname);
    return all;
  });
  expect(urls.filter((path) => path.startsWith('/api/') && !path.startsWith('/api/files/'))).toEqual([]);
});

test('a new release is taken up at the next visit, its files replace the old ones, an open page is told', async ({
  page,
}) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-release-'));
  const staticDir = join(dataDir, 'static');
  await cp(BUILD, staticDir, { recursive: true });
  await using server = await startServer({ dataDir, env: { STATIC_DIR: staticDir } });
  const data = { username: 'Aino', password: PASSWORD };
  await page.request.post(`${server.url}/api/auth/register`, { headers: { origin: server.url }, data });
  await page.goto(server.url);
  const app = new AppPage(page);
  await app.controlled();
  const before = Object.keys(await app.kept()).find((name) => name.startsWith('shell-'));

  // Release B: another page, another service worker.
  const html = await readFile(join(staticDir, 'index.html'), 'utf8');
  await writeFile(
    join(staticDir, 'index.html'),
    html.replace('<title>', '<meta name="release" content="B" /><title>'),
  );
  const worker = await readFile(join(staticDir, 'sw.js'), 'utf8');
  const release = before?.replace('shell-', '') ?? 'none';
  expect(worker).toContain(release);
  await writeFile(join(staticDir, 'sw.js'), worker.replaceAll(release, 'releaseb'));
  for (const name of ['index.html', 'sw.js'])
    for (const ending of ['br', 'gz']) await rm(join(staticDir, `${name}.${ending}`));

  await page.reload();
  await expect(page.locator('meta[name=release]')).toBeAttached();
  await expect.poll(async () => Object.keys(await app.kept())).toContain('shell-releaseb');
  await expect.poll(async () => Object.keys(await app.kept())).not.toContain(before);
  await expect(page.getByText('A new version is available.')).toBeVisible();
  await rm(dataDir, { recursive: true, force: true }).catch(() => {});
});
