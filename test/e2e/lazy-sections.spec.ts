import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { startServer } from './server.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { addFile } from './items.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { HomePage } from './pages/home.page.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { TrayPage } from './pages/tray.page.ts';
import { pngFile } from './png.ts';
import { picture } from '../support/media/pictures.ts';

const BUILD = join(import.meta.dirname, '../../dist/client');
const MISSING = 'This section failed to load';

// A service worker has every chunk, so its cache would serve the chunk that is missing here.
test.use({ serverEnv: { OCR: 'off' }, serviceWorkers: 'block' });

/** Answers every request for the named chunk with another script. */
const breakPart = (page: Page, name: string, script: string) =>
  page.route(new RegExp(`/assets/${name}-[^/]+\\.js$`), (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  );

test('a part that cannot be had says so in its place, the rest stays, and another try brings it', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'kuva.png', await picture());
  const folder = new HomePage(page);
  const menu = new AccountMenu(page);
  const tray = new TrayPage(page);
  const viewer = new ViewerPage(page);
  const parts = /\/assets\/(account-panel|uploader|shortcuts-dialog|viewer)-[^/]+\.js$/;
  await page.route(parts, (route) => route.abort('internetdisconnected'));
  await page.reload();

  await menu.button.click();
  const panel = menu.menu.getByRole('alert');
  await expect(panel.getByRole('heading', { name: MISSING })).toBeVisible();
  await page.keyboard.press('Escape');
  await folder.search.fill('kuva');
  await expect(page).toHaveURL(/q=kuva/);
  await folder.pictures.first().click();
  await expect(page).toHaveURL(new RegExp(`/m/${item.id}`));
  await expect(page.getByRole('dialog', { name: MISSING })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('dialog', { name: MISSING })).toHaveCount(0);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: MISSING })).toHaveCount(1);
  await tray.pick([await pngFile('waits.png', 1)]);
  await expect(page.getByRole('dialog', { name: MISSING })).toHaveCount(2);

  await page.unroute(parts);
  const retry = page.getByRole('dialog', { name: MISSING }).getByRole('button', { name: 'Try again' });
  await retry.last().click();
  // The upload section sends the files picked meanwhile as soon as it has loaded.
  await expect(tray.row('waits.png')).toBeVisible();
  await retry.click();
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await folder.pictures.first().click();
  await expect(viewer.title).toBeVisible();
  await page.keyboard.press('Escape');
  await menu.open();
});

test('a page that cannot be had says so as the page it is', async ({ signedIn: page }) => {
  const parts = /\/assets\/tags-page-[^/]+\.js$/;
  await page.route(parts, (route) => route.abort('internetdisconnected'));
  await page.getByRole('link', { name: 'Tags' }).click();
  await expect(page.getByRole('main').getByRole('heading', { level: 1, name: MISSING })).toBeVisible();
  await page.unroute(parts);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Tags and people' })).toBeVisible();
});

test('a part that fails leaves the page, and a page that fails says so', async ({ signedIn: page }) => {
  await addFile(page, 'kuva.png', await picture());
  const folder = new HomePage(page);
  const fails = `() => { throw new TypeError("Cannot read properties of undefined (reading 'name')"); }`;
  await breakPart(page, 'shortcuts-dialog', `export const ShortcutsDialog = ${fails};`);
  await breakPart(page, 'tags-page', `export const TagsPage = ${fails};`);
  await page.reload();
  await expect(folder.pictures).toHaveCount(1);
  await page.keyboard.press('?');
  await expect(page.getByRole('alert')).toContainText('An unexpected error occurred.');
  await expect(folder.pictures).toHaveCount(1);
  await folder.search.fill('kuva');
  await expect(page).toHaveURL(/q=kuva/);

  await page.getByRole('link', { name: 'Tags' }).click();
  await expect(page.getByRole('main').getByRole('heading', { level: 1, name: MISSING })).toBeVisible();
  await page.goBack();
  await expect(folder.pictures).toHaveCount(1);

  // A list that no tile can render fails the whole page. The page says so and offers a reload.
  await page.route('**/api/media?**', async (route) => {
    const answer = await route.fetch();
    const list = await answer.json();
    for (const item of list.items) Object.assign(item, { originalName: '', createdAt: 'never' });
    await route.fulfill({ response: answer, json: list });
  });
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'Something went wrong' })).toBeVisible();
  await page.unroute('**/api/media?**');
  await page.getByRole('button', { name: 'Reload page' }).click();
  await expect(folder.pictures).toHaveCount(1);
});

test('a page finds a new release without its words, and after a moment without an answer', async ({
  signedIn: page,
}) => {
  // The words of the toast about a release do not arrive.
  const words = /\/assets\/en-[^/]+\.js$/;
  await page.route(words, async (route) => {
    const answer = await route.fetch();
    if ((await answer.text()).includes('release.new')) await route.abort('connectionrefused');
    else await route.fulfill({ response: answer });
  });
  await Promise.all([listens(page), page.reload()]);
  await page.unrouteAll({ behavior: 'wait' });

  // The chunk of the page is missing, and the first look at the new release fails.
  let looks = 0;
  await page.route(/\/assets\/tags-page-[^/]+\.js$/, (route) =>
    looks < 2 ? route.fulfill({ status: 404, body: '' }) : route.fallback(),
  );
  await page.route('/', (route) => {
    looks++;
    if (looks === 1) return route.abort('connectionrefused');
    return route.fulfill({
      contentType: 'text/html',
      body: '<script type="module" src="/assets/first-newer.js"></script>',
    });
  });
  await page.getByRole('link', { name: 'Tags' }).click();
  // The page is at its own address when it is loaded anew.
  await expect(page.getByRole('heading', { level: 1, name: 'Tags and people' })).toBeVisible();
  expect(looks).toBe(2);
});

/** Waits until a page notices missing chunks. It registers its service worker right afterwards. */
const listens = (page: Page) =>
  page.waitForEvent('console', (message) => message.text().includes('Service Worker registration blocked'));

/**
 * Renames every built file, as a release with other content does. Three equal letters begin a new
 * name, because one file of about 60 has a given first letter. Under its old name it is in a cache.
 */
async function releaseAnew(folder: string, letter: string): Promise<void> {
  const assets = join(folder, 'assets');
  for (const name of await readdir(folder, { recursive: true }))
    if (/\.(?:br|gz)$/.test(name)) await rm(join(folder, name));
  const names = (await readdir(assets)).filter((name) => /-[\w-]{8}\.(?:js|css)$/.test(name));
  const renamed = (name: string) =>
    name.replace(/-[\w-]{8}\./, (hash) => `-${letter.repeat(3)}${hash.slice(4)}`);
  const texts = ['index.html', ...names.map((name) => join('assets', name))];
  for (const text of texts) {
    let content = await readFile(join(folder, text), 'utf8');
    for (const name of names) content = content.replaceAll(name, renamed(name));
    await writeFile(join(folder, text), content);
  }
  for (const name of names) await rename(join(assets, name), join(assets, renamed(name)));
}

test('a part of a release that is gone: the page is loaded anew by itself, but not under what is typed', async ({
  page,
}) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-release-'));
  const staticDir = join(dataDir, 'static');
  await cp(BUILD, staticDir, { recursive: true });
  const env = { OCR: 'off', STATIC_DIR: staticDir };
  let server = await startServer({ dataDir, env });
  const { port } = new URL(server.url);
  const renew = async (letter: string) => {
    await server.stop();
    await releaseAnew(staticDir, letter);
    server = await startServer({ dataDir, env: { ...env, PORT: port } });
    await expect(page.getByText("You're offline")).toBeHidden();
  };
  try {
    const data = { username: 'Aino', password: PASSWORD };
    await page.request.post(`${server.url}/api/auth/register`, { headers: { origin: server.url }, data });
    await page.goto(server.url);
    const [id] = await new GridPage(page).add(server.url, ['kuva']);
    const viewer = new ViewerPage(page);
    const script = page.locator('script[type=module]');
    const letters = async () => /-(\w)[\w-]{7}\.js$/.exec((await script.getAttribute('src')) ?? '')?.[1];
    const loaded = (name: string) =>
      page.waitForEvent('requestfinished', (request) => request.url().includes(`/assets/${name}-`));
    /**
     * Acts, and waits until the page that it loads notices a new release and has all its chunks. A
     * chunk that fails during the restart would load the page anew before it is used.
     */
    const brings = (act: () => Promise<unknown>, ...chunks: string[]) =>
      Promise.all([listens(page), ...['share-target', 'sign-in-page', 'live', ...chunks].map(loaded), act()]);
    await brings(() => page.reload(), 'live-folder');

    await renew('A');
    await brings(() => page.getByRole('link', { name: 'Tags' }).click());
    await expect(page.getByRole('heading', { name: 'Tags and people' })).toBeVisible();
    expect(await letters()).toBe('A');

    await brings(() => page.goto(`${server.url}/m/${id}`), 'live-folder');
    await viewer.button('Edit the title').click();
    await viewer.dialog.getByLabel('Title', { exact: true }).fill('Half typed');
    await renew('B');
    await viewer.button('Copy link').focus();
    await page.keyboard.press('?');
    const missing = page.getByRole('dialog', { name: MISSING });
    await missing.getByRole('button', { name: 'Try again' }).click();
    await expect(missing.getByRole('button', { name: 'Reload page' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(viewer.dialog.getByLabel('Title', { exact: true })).toHaveValue('Half typed');
    expect(await letters()).toBe('A');
    await viewer.button('Save').click();
    await expect(viewer.title).toHaveText('Half typed');
    await viewer.close();
    // Closing it retries, and a new page loses nothing now.
    await expect.poll(letters).toBe('B');
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
