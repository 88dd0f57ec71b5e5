import type { Page } from 'playwright/test';
import { mediaList, type MediaListItem } from '../../app/media/media.schema.ts';
import { addFile } from './items.ts';
import { expect, test } from './fixtures.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { GridPage } from './pages/grid.page.ts';
import { ListViewMenu } from './pages/list-view.page.ts';
import { plain } from './pictures.ts';
import { seedItems } from './server.ts';

test.use({ serverEnv: { OCR: 'off' } });

/** Changes the items of every list that the page loads. */
const changeLists = (page: Page, change: (item: MediaListItem, index: number) => MediaListItem) =>
  page.route(/\/api\/media\?/, async (route) => {
    const response = await route.fetch();
    const list = mediaList.parse(await response.json());
    await route.fulfill({ response, json: { ...list, items: list.items.map(change) } });
  });

test('the order of the list is chosen, kept in the address, and stands beside words and filters', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  const view = new ListViewMenu(page);
  const [, second] = await grid.add(server.url, ['kissa yksi', 'kissa kaksi', 'kissa kolme', 'koira']);
  await page.reload();
  await expect(grid.link(0)).toHaveAccessibleName('koira');
  await expect(view.button).toHaveAccessibleName('View: Newest');

  await view.choose('Oldest');
  await expect(page).toHaveURL('/?sort=oldest');
  await expect(grid.link(0)).toHaveAccessibleName('kissa yksi');
  await page.reload();
  await expect(view.button).toHaveAccessibleName('View: Oldest');
  await expect(grid.link(3)).toHaveAccessibleName('koira');
  await expect(page).toHaveTitle('meemikansio');
  await expect(grid.status()).toHaveText('');

  await grid.search().fill('kissa');
  await expect(page).toHaveURL('/?q=kissa&sort=oldest');
  await expect(grid.tiles()).toHaveCount(3);
  await expect(grid.link(0)).toHaveAccessibleName('kissa yksi');
  await expect(grid.status()).toHaveText('3 results');
  await grid.filters().getByRole('link', { name: 'Pictures' }).click();
  await expect(page).toHaveURL('/?q=kissa&sort=oldest&type=image');
  await expect(grid.link(0)).toHaveAccessibleName('kissa yksi');
  await view.choose('Best match');
  await expect(page).toHaveURL('/?q=kissa&type=image');
  await expect(grid.link(0)).toHaveAccessibleName('kissa kolme');

  await page.request.post('/api/shares', { headers: { origin: server.url }, data: { itemIds: [second] } });
  await view.choose('Most shared');
  await expect(grid.link(0)).toHaveAccessibleName('kissa kaksi');
  await page.goBack();
  await expect(grid.link(0)).toHaveAccessibleName('kissa kolme');

  // The trash has one order.
  await page.goto('/?is=trash');
  await view.open();
  await expect(view.menu.getByRole('radio', { name: 'Oldest' })).toHaveCount(0);
});

test('tiles have three sizes, and the device keeps the choice', async ({
  signedIn: page,
  server,
  browser,
}) => {
  const grid = new GridPage(page);
  const view = new ListViewMenu(page);
  const names = Array.from({ length: 16 }, (_, index) => `kuva ${index}`);
  await grid.add(server.url, names);
  const columnsOf = (shown: Page) =>
    shown.evaluate(() => {
      const tiles = [...document.querySelectorAll('.tile')];
      return new Set(tiles.map((tile) => Math.round(tile.getBoundingClientRect().x))).size;
    });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.reload();
  await expect.poll(() => columnsOf(page)).toBe(5);
  await view.choose('Compact');
  await expect.poll(() => columnsOf(page)).toBe(7);
  await page.reload();
  await expect.poll(() => columnsOf(page)).toBe(7);
  await view.choose('Large');
  await expect.poll(() => columnsOf(page)).toBe(3);
  await page.setViewportSize({ width: 3840, height: 2160 });
  await expect.poll(() => columnsOf(page)).toBe(6);

  const { cookies } = await page.context().storageState();
  const other = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 } });
  await other.addCookies(cookies);
  const elsewhere = await other.newPage();
  await elsewhere.goto('/');
  await expect.poll(() => columnsOf(elsewhere)).toBe(5);
  await other.close();
});

test('what is on top stays on top when the size of tiles changes', async ({
  signedIn: page,
  server,
  dataDir,
}) => {
  const grid = new GridPage(page);
  const view = new ListViewMenu(page);
  await grid.add(server.url, ['yksi', 'kaksi', 'kolme']);
  await seedItems(dataDir, 60);
  await page.reload();
  await view.button.waitFor();
  await grid.restAt(1500);
  const top = () =>
    page.evaluate(() => {
      const tiles = [...document.querySelectorAll<HTMLElement>('.tile')];
      const bar = document.querySelector('.bar')?.getBoundingClientRect().bottom ?? 0;
      const shown = tiles.filter((tile) => tile.getBoundingClientRect().bottom > bar);
      return Math.min(...shown.map((tile) => Number(tile.ariaPosInSet)));
    });
  const before = await top();
  expect(before).toBeGreaterThan(5);
  // A press by the mouse would scroll to the button first.
  await page.evaluate(() =>
    document.querySelectorAll<HTMLInputElement>('.list-menu input[name="size"]')[2]?.click(),
  );
  await expect.poll(async () => Math.abs((await top()) - before)).toBeLessThan(6);
});

test('a tile has its kind and duration at its lower edge; what is being read is one line', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['yksi', 'kaksi', 'kolme']);
  const changed: Record<string, Partial<MediaListItem>> = {
    yksi: { kind: 'video', durationMs: 12_345, state: 'processing' },
    kaksi: { kind: 'animation', durationMs: 3_725_000, state: 'processing' },
  };
  await changeLists(page, (item) => ({ ...item, ...changed[item.title] }));
  await page.reload();

  const tile = (name: string) => grid.tiles().filter({ hasText: name });
  await expect(tile('yksi').locator('.tile-kind')).toHaveAttribute('data-text', '0:13');
  await expect(tile('kaksi').locator('.tile-kind')).toHaveAttribute('data-text', '1:02:05');
  await expect(tile('kolme').locator('.tile-kind')).toHaveCount(0);
  await expect(tile('yksi').getByRole('link')).toHaveAccessibleDescription('Video, Processing…');
  // Inside the picture, so that it covers no caption.
  const [kind, title] = [tile('yksi').locator('.tile-kind'), tile('yksi').locator('.tile-title')];
  const [kindBox, titleBox] = [await kind.boundingBox(), await title.boundingBox()];
  expect((kindBox?.y ?? 0) + (kindBox?.height ?? 0)).toBeLessThanOrEqual(titleBox?.y ?? 0);

  const line = page.getByText('2 being read');
  await expect(line).toBeVisible();
  for (const name of Object.keys(changed)) delete changed[name]?.state;
  await page.reload();
  await expect(tile('yksi').locator('.tile-kind')).toBeVisible();
  await expect(line).toHaveCount(0);
});

test('a hovered tile shows its name and its tags, and a tag opens its items', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['nimetty'], 'koira,lumi');
  await grid.add(server.url, ['toinen'], 'kissa');
  await addFile(page, 'hauska juttu.png', await plain(300, 200));
  await page.reload();
  await grid.link(0).hover();
  await expect(grid.tiles().first().locator('.tile-info')).toHaveText('hauska juttu');
  await grid.link(2).hover();
  const tile = grid.tiles().filter({ hasText: 'nimetty' });
  await expect(tile.getByRole('link', { name: '#lumi' })).toBeVisible();
  await tile.getByRole('link', { name: '#koira' }).click();
  await expect(page).toHaveURL('/?tag=koira');
  await expect(grid.tiles()).toHaveCount(1);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('who added an item and when is shown on tiles, if one wants it', async ({ signedIn: page, server }) => {
  const grid = new GridPage(page);
  const view = new ListViewMenu(page);
  await grid.add(server.url, ['yksi']);
  await page.reload();
  const note = grid.tiles().first().getByText('Aino');
  await view.open();
  await expect(note).toHaveCount(0);
  await view.menu.getByRole('checkbox', { name: 'Show who added it and when' }).check();
  await expect(note).toBeVisible();
  await page.reload();
  await expect(note).toBeVisible();
  await view.open();
  await view.menu.getByRole('checkbox', { name: 'Show who added it and when' }).uncheck();
  await expect(note).toHaveCount(0);
});

test('a list by date tells the month while it scrolls, to no screen reader', async ({
  signedIn: page,
  server,
  dataDir,
}) => {
  const grid = new GridPage(page);
  const view = new ListViewMenu(page);
  const menu = new AccountMenu(page);
  const label = page.locator('.month');
  await grid.add(server.url, ['yksi', 'kaksi', 'kolme']);
  await seedItems(dataDir, 120);
  await changeLists(page, (item, index) => ({
    ...item,
    createdAt: `2026-${index < 25 ? '11' : '10'}-15T12:00:00.000Z`,
  }));
  await page.reload();
  await expect(grid.tiles().first()).toBeVisible();
  await grid.restAt(200);
  await expect(label).toHaveText('November 2026');
  await expect(label).toHaveAttribute('aria-hidden', 'true');
  await expect(label).toHaveCSS('opacity', '0');
  await page.mouse.move(600, 400);
  const shown = page.waitForFunction(() => document.querySelector('.month.shown') !== null);
  await page.mouse.wheel(0, 300);
  await shown;
  await expect(label).toHaveCSS('opacity', '0');
  await grid.restAt(2500);
  await expect(label).toHaveText('October 2026');
  await page.evaluate(() => window.scrollTo({ top: 0 }));
  await menu.open();
  await menu.choose('Suomi');
  await page.keyboard.press('Escape');
  await page.mouse.wheel(0, 200);
  await expect(label).toHaveText('Marraskuu 2026');

  await page.goto('/?sort=shared');
  await expect(grid.tiles().first()).toBeVisible();
  await view.button.waitFor();
  await grid.restAt(300);
  await expect(label).toHaveText('');
});
