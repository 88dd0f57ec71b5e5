import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import type { Page } from 'playwright/test';
import { startServer } from '../support/server.ts';
import { picture } from '../support/pictures.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { FolderPage } from './pages/folder.page.ts';

const manifestSchema = z.object({
  name: z.string().min(1),
  start_url: z.literal('/'),
  display: z.literal('standalone'),
  icons: z.array(
    z.object({ src: z.string(), sizes: z.string(), type: z.string(), purpose: z.string().optional() }),
  ),
  share_target: z.object({
    action: z.string(),
    method: z.literal('POST'),
    enctype: z.literal('multipart/form-data'),
  }),
});

/** Waits until the service worker answers for the page. */
const controlled = (page: Page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', undefined, {
    timeout: 30_000,
  });

/** Shares files as the system does: a form is posted to the folder, and what it answers is opened. */
async function share(page: Page, files: { name: string; type: string; content: Buffer }[]): Promise<void> {
  const given = files.map(({ name, type, content }) => ({ name, type, base64: content.toString('base64') }));
  await page.evaluate((all) => {
    const form = document.createElement('form');
    Object.assign(form, { action: '/share', method: 'post', enctype: 'multipart/form-data' });
    const input = Object.assign(document.createElement('input'), {
      type: 'file',
      name: 'files',
      multiple: true,
    });
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type }));
    }
    input.files = transfer.files;
    form.append(input);
    document.body.append(form);
    form.submit();
  }, given);
}

test('can be installed: a manifest with icons of the sizes it tells', async ({ page, server }) => {
  await page.goto('/');
  const address = await page.locator('link[rel=manifest]').getAttribute('href');
  const answer = await page.request.get(address ?? '');
  expect(answer.headers()['content-type']).toMatch(/^application\/manifest\+json/);
  const manifest = manifestSchema.parse(await answer.json());
  const drawn = manifest.icons.filter(({ type }) => type === 'image/png');
  expect(drawn.map(({ sizes }) => sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
  expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
  for (const { src, sizes } of drawn) {
    const { width, height, format } = await sharp(await (await page.request.get(src)).body()).metadata();
    expect({ src, size: `${width}x${height}`, format }).toEqual({ src, size: sizes, format: 'png' });
  }
  const worker = await page.request.get(`${server.url}/sw.js`);
  expect(worker.headers()['content-type']).toMatch(/javascript/);
  expect(worker.headers()['cache-control']).toBe('no-cache');
});

test('shows what was loaded without a network, and forgets it when one signs out', async ({
  signedIn: page,
  context,
  server,
}) => {
  const folder = new FolderPage(page);
  const file = {
    name: 'a.png',
    mimeType: 'image/png',
    buffer: Buffer.from(await (await picture('png', { width: 300, height: 200 })).arrayBuffer()),
  };
  await page.request.post('/api/media', { headers: { origin: server.url }, multipart: { file } });
  await controlled(page);
  await page.reload();
  await expect(folder.pictures).toHaveCount(1);
  const kept = () => page.evaluate(async () => (await (await caches.open('thumbnails')).keys()).length);
  await expect.poll(kept).toBe(1);

  await context.setOffline(true);
  await page.goto('/?q=anything');
  await expect(page.getByText('You are offline.')).toBeVisible();
  await context.setOffline(false);
  await page.goto('/');
  await expect(folder.pictures).toHaveCount(1);

  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect.poll(kept).toBe(0);
  const cached = await page.evaluate(async () => {
    const all = await Promise.all(
      (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
    );
    return all.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(cached.length).toBeGreaterThan(3);
  expect(cached.filter((path) => path.startsWith('/api/'))).toEqual([]);
});

test('never shows an old release once there is a new one', async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-release-'));
  const site = join(folder, 'site');
  await cp('dist/client', site, { recursive: true, filter: (source) => !/\.(br|gz)$/.test(source) });
  const server = await startServer({ dataDir: join(folder, 'data'), env: { STATIC_DIR: site } });
  try {
    const data = { username: 'Aino', password: PASSWORD };
    await page.request.post(`${server.url}/api/auth/register`, { headers: { origin: server.url }, data });
    await page.goto(server.url);
    await controlled(page);

    // The next release: another page, and a worker that names it.
    const html = await readFile(join(site, 'index.html'), 'utf8');
    await writeFile(
      join(site, 'index.html'),
      html.replace('<title>', '<meta name="release" content="2"><title>'),
    );
    const worker = await readFile(join(site, 'sw.js'), 'utf8');
    const next = worker.replace(
      /(url:`\/index\.html`,revision:`)\w+|("\/index\.html","revision":")\w+/,
      (found) => `${found}2`,
    );
    expect(next).not.toBe(worker);
    await writeFile(join(site, 'sw.js'), next);

    // A page that stays open is told when the new worker takes over, and any way to it from now on leads to the new one.
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect(page.getByText('There is a newer version of this page.')).toBeVisible();
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await expect(page.locator('meta[name=release]')).toHaveCount(1);
    await page.goto(`${server.url}/account`);
    await expect(page.locator('meta[name=release]')).toHaveCount(1);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('takes what another app shares, also from somebody who has to sign in first', async ({
  signedIn: page,
  context,
  server,
}) => {
  const folder = new FolderPage(page);
  await controlled(page);
  const content = Buffer.from(await (await picture('png', { width: 400, height: 300 })).arrayBuffer());
  await share(page, [{ name: 'jaettu ä.png', type: 'image/png', content }]);
  await expect(folder.tray.getByText('Done')).toBeVisible();
  await expect(folder.pictures).toHaveCount(1);
  expect(new URL(page.url()).search).toBe('');
  const waiting = () => page.evaluate(async () => (await (await caches.open('shared-files')).keys()).length);
  await expect.poll(waiting).toBe(0);

  await context.clearCookies();
  const other = Buffer.from(await (await picture('png', { width: 500, height: 300 })).arrayBuffer());
  await share(page, [{ name: 'toinen.png', type: 'image/png', content: other }]);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(await waiting()).toBe(1);
  await page.getByLabel('Username').fill('Aino');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(folder.pictures).toHaveCount(2);
  await expect.poll(waiting).toBe(0);

  const list = await (await page.request.get(`${server.url}/api/media`)).json();
  expect(list.items.map((item: { originalName: string }) => item.originalName)).toEqual([
    'toinen.png',
    'jaettu ä.png',
  ]);
});

test('says so when something is shared that is no picture, and asks again when it is not ready yet', async ({
  signedIn: page,
  server,
}) => {
  const early = await page.request.post(`${server.url}/share`, {
    multipart: { title: 'x' },
    maxRedirects: 0,
  });
  expect(early.status()).toBe(303);
  expect(early.headers()['location']).toBe('/?shared=again');
  await controlled(page);
  await share(page, []);
  await expect(page.getByText('Only pictures and videos can be shared into the folder.')).toBeVisible();
});
