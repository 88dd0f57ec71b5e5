import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { startServer } from './server.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { patchItem } from './items.ts';
import { joinAs } from './people.ts';
import { GridPage } from './pages/grid.page.ts';
import { SignInPage } from './pages/sign-in.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';

test.use({ serverEnv: { OCR: 'off' } });

const TITLES = ['one', 'two', 'three', 'four', 'five'];
const EVENTS = '**/api/events';

/** Counts the event streams that a page asks for from now on. */
function countStreams(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (request.url().endsWith('/api/events')) count += 1;
  });
  return () => count;
}

/** Loads a page and waits until its stream has begun. */
async function openLive(page: Page, path = '/'): Promise<void> {
  const stream = page.waitForResponse(EVENTS);
  await page.goto(path);
  await stream;
}

const pill = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** Makes a page look hidden or visible, as another tab in front of it does. */
const setHidden = (page: Page, hidden: boolean) =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

test('what another person adds appears at the top, and elsewhere as a button that names the person', async ({
  signedIn: aino,
  server,
  browser,
}) => {
  const grid = new GridPage(aino);
  await aino.setViewportSize({ width: 640, height: 480 });
  await grid.add(
    server.url,
    Array.from({ length: 12 }, (_, i) => `old ${i}`),
  );
  const louhi = await joinAs(browser, aino, 'Louhi', server.url);
  const theirs = new GridPage(louhi);
  await theirs.add(server.url, ['of Louhi']);
  await openLive(aino);
  await expect(grid.link(0)).toHaveAccessibleName(/of Louhi/);

  await theirs.add(server.url, TITLES);
  await expect(grid.link(0)).toHaveAccessibleName(/five/);
  await expect(grid.link(4)).toHaveAccessibleName(/one/);
  await expect(pill(aino, /new from/)).toHaveCount(0);

  // Scrolled down, nothing moves.
  await grid.restAt(700);
  const shown = await aino.evaluate(() => document.elementFromPoint(200, 300)?.closest('li')?.dataset['id']);
  const before = await aino.locator(`[data-id="${shown}"]`).boundingBox();
  await theirs.add(server.url, ['six', 'seven']);
  await expect(pill(aino, '2 new from Louhi')).toBeVisible();
  await expect(aino.getByRole('main').getByRole('status').filter({ hasText: 'new from Louhi' })).toHaveCount(
    1,
  );
  await grid.add(server.url, ['eight']);
  await expect(pill(aino, '3 new from 2 people')).toBeVisible();
  expect(await aino.locator(`[data-id="${shown}"]`).boundingBox()).toEqual(before);

  await pill(aino, '3 new from 2 people').press('Enter');
  await expect(grid.link(0)).toHaveAccessibleName(/eight/);
  await expect(grid.link(0)).toBeFocused();
  await expect(pill(aino, /new from/)).toHaveCount(0);
  expect(await grid.scrollTop()).toBe(0);
});

test('what another person edits, deletes and restores shows in the folder and in the viewer', async ({
  signedIn: aino,
  server,
  browser,
}) => {
  const louhi = await joinAs(browser, aino, 'Louhi', server.url);
  const [id = ''] = await new GridPage(louhi).add(server.url, ['of Louhi']);
  await new GridPage(aino).add(server.url, ['own']);
  await openLive(aino);
  const tile = aino.locator(`[data-id="${id}"]`);
  await expect(tile).toContainText('of Louhi');
  await patchItem(louhi, id, { title: 'renamed' });
  await expect(tile).toContainText('renamed');
  const headers = { origin: server.url };
  await louhi.request.delete(`/api/media/${id}`, { headers });
  await expect(tile).toHaveCount(0);
  await louhi.request.post(`/api/media/${id}/restore`, { headers });
  await expect(tile).toHaveCount(1);
  const viewer = new ViewerPage(aino);
  await tile.locator('> a').click();
  await expect(viewer.title).toHaveText('renamed');
  await patchItem(louhi, id, { title: 'renamed again' });
  await expect(viewer.title).toHaveText('renamed again');
});

test('only what matches the search counts, and a selection stays', async ({
  signedIn: aino,
  server,
  browser,
}) => {
  const grid = new GridPage(aino);
  await grid.add(server.url, ['kissa 1', 'kissa 2'], 'kissa');
  const louhi = await joinAs(browser, aino, 'Louhi', server.url);
  const theirs = new GridPage(louhi);
  await openLive(aino, '/?tag=kissa');
  await expect(grid.tiles()).toHaveCount(2);
  await expect(grid.status()).toHaveText('2 results');
  await grid.tiles().first().hover();
  await grid.tiles().first().getByRole('checkbox').check();
  await expect(grid.selected()).toHaveCount(1);

  await theirs.add(server.url, ['koira'], 'koira');
  await theirs.add(server.url, ['kissa 3'], 'kissa');
  await expect(pill(aino, '1 new from Louhi')).toBeVisible();
  await expect(grid.tiles()).toHaveCount(2);
  await pill(aino, '1 new from Louhi').click();
  await expect(grid.tiles()).toHaveCount(3);
  await expect(grid.selected()).toHaveCount(1);
  await expect(grid.link(1)).toHaveAccessibleName(/kissa 2/);
});

test('two tabs share one stream, and the other takes over when the first is closed', async ({
  signedIn: page,
  context,
  server,
  browser,
}) => {
  const louhi = await joinAs(browser, page, 'Louhi', server.url);
  await openLive(page);
  const other = await context.newPage();
  const streams = countStreams(other);
  const grid = new GridPage(other);
  await other.goto('/');
  await expect(other.getByRole('heading', { name: 'This folder is empty' })).toBeVisible();
  // The other tab waits for the lock.
  await expect
    .poll(() => other.evaluate(async () => (await navigator.locks.query()).pending?.map(({ name }) => name)))
    .toEqual(['meemikansio-live']);
  await new GridPage(louhi).add(server.url, ['heard']);
  await expect(grid.tiles()).toHaveCount(1);
  await expect(new GridPage(page).tiles()).toHaveCount(1);
  expect(streams()).toBe(0);

  const stream = other.waitForResponse(EVENTS);
  await page.close();
  await stream;
  expect(streams()).toBe(1);
  await new GridPage(louhi).add(server.url, ['heard too']);
  await expect(grid.tiles()).toHaveCount(2);
});

test('an unused page closes its stream, and use opens it again', async ({
  signedIn: page,
  server,
  browser,
}) => {
  const louhi = await joinAs(browser, page, 'Louhi', server.url);
  const grid = new GridPage(page);
  await page.clock.install();
  const begun = page.waitForRequest(EVENTS);
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'This folder is empty' })).toBeVisible();
  await page.clock.runFor(5000);
  await (await begun).response();
  const ended = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/events'));
  await page.clock.runFor(4 * 60_000);
  await ended;
  await new GridPage(louhi).add(server.url, ['meanwhile']);
  expect(await grid.tiles().count()).toBe(0);
  const again = page.waitForResponse(EVENTS);
  await page.mouse.move(200, 200);
  await again;
  await page.clock.runFor(2000);
  await expect(grid.tiles()).toHaveCount(1);
});

test('the end of the session closes the stream, and signing in opens it again', async ({
  signedIn: page,
  server,
}) => {
  await openLive(page);
  const headers = { origin: server.url };
  await page.request.post('/api/auth/logout', { headers });
  const signIn = new SignInPage(page);
  await expect(signIn.again).toBeVisible();
  const stream = page.waitForResponse(EVENTS);
  await signIn.enterAgain('Aino', PASSWORD);
  expect((await stream).status()).toBe(200);
});

test('after a restart of the server the page shows what came meanwhile', async ({ page, browser }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-live-'));
  let server = await startServer({ dataDir, env: { OCR: 'off' } });
  try {
    const { port } = new URL(server.url);
    const data = { username: 'Aino', password: PASSWORD };
    await page.request.post(`${server.url}/api/auth/register`, { headers: { origin: server.url }, data });
    await openLive(page, server.url);
    const louhi = await joinAs(browser, page, 'Louhi', server.url);
    await server.stop();
    await page.route(EVENTS, (route) => route.abort());
    server = await startServer({ dataDir, env: { OCR: 'off', PORT: port } });
    await new GridPage(louhi).add(server.url, ['meanwhile']);
    await page.unroute(EVENTS);
    await expect(new GridPage(page).tiles()).toHaveCount(1);
    await new GridPage(louhi).add(server.url, ['later']);
    await expect(new GridPage(page).tiles()).toHaveCount(2);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});

test('without a stream the page looks when it is seen again', async ({ signedIn: page, server, browser }) => {
  const louhi = await joinAs(browser, page, 'Louhi', server.url);
  const grid = new GridPage(page);
  await page.clock.install();
  await page.route(EVENTS, (route) => route.abort());
  const tried = page.waitForRequest(EVENTS);
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'This folder is empty' })).toBeVisible();
  await page.clock.runFor(5000);
  await tried;
  await new GridPage(louhi).add(server.url, ['on focus']);
  await setHidden(page, true);
  await page.clock.runFor(20_000);
  expect(await grid.tiles().count()).toBe(0);
  await setHidden(page, false);
  await page.clock.runFor(1000);
  await expect(grid.tiles()).toHaveCount(1);
  await new GridPage(louhi).add(server.url, ['each minute']);
  await page.clock.runFor(62_000);
  await expect(grid.tiles()).toHaveCount(2);
});
