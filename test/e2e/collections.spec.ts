import type { Page } from 'playwright/test';
import { collectionList } from '../../app/collections/collections.schema.ts';
import { mediaList } from '../../app/media/media.schema.ts';
import { axeFindings } from './axe.ts';
import { requestsAtRest } from './animations.ts';
import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { joinAs } from './people.ts';

/** The titles of a collection's items on the server, in its order. */
const onServer = async (page: Page, name: string): Promise<string[]> => {
  const answer = await page.request.get(`/api/media?q=${encodeURIComponent(`in:"${name}"`)}`);
  return mediaList.parse(await answer.json()).items.map(({ title }) => title);
};

/** Makes a collection of all items with a request, in the order of the ids. */
async function makeCollection(page: Page, url: string, name: string, ids: readonly string[]): Promise<void> {
  const headers = { origin: url };
  await page.request.post(`${url}/api/collections`, { headers, data: { name } });
  const answer = await page.request.get(`${url}/api/collections`);
  const { collections } = collectionList.parse(await answer.json());
  const { id } = collections.find((one) => one.name === name) ?? { id: '' };
  const added = await page.request.post(`${url}/api/collections/${id}/items`, { headers, data: { ids } });
  expect(added.status()).toBe(200);
}

const titles = (grid: GridPage) =>
  grid
    .tiles()
    .evaluateAll((tiles) =>
      tiles
        .toSorted((a, b) => Number(a.ariaPosInSet) - Number(b.ariaPosInSet))
        .map((tile) => tile.querySelector('.tile-title')?.textContent),
    );

test('a selection, a tile and the viewer add to collections, which have a page with covers', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  const [one = ''] = await grid.add(server.url, ['one', 'two', 'three']);
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(3);
  await requestsAtRest(page);

  // A selection, into a new collection, by keyboard.
  await grid.link(0).focus();
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowRight');
  await grid.bar().getByRole('button', { name: 'Collect', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Add 2 items to a collection' });
  await expect(dialog.getByRole('combobox', { name: 'Collection' })).toBeFocused();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.type('Parhaat');
  await expect(dialog.getByRole('option', { name: 'New collection “Parhaat”' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('2 items added to Parhaat')).toBeVisible();
  await expect.poll(() => onServer(page, 'parhaat')).toEqual(['three', 'two']);
  await page.keyboard.press('Escape');

  // A tile, into a collection that is there.
  await grid.tiles().nth(2).hover();
  await page.getByRole('button', { name: 'Add one to a collection' }).click();
  const second = page.getByRole('dialog', { name: 'Add 1 item to a collection' });
  await second.getByRole('option', { name: 'Parhaat 2' }).click();
  const added = page.locator('.toast', { hasText: '1 item added to Parhaat' });
  await expect.poll(() => onServer(page, 'parhaat')).toEqual(['three', 'two', 'one']);
  await added.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => onServer(page, 'parhaat')).toEqual(['three', 'two']);

  // The viewer.
  const viewer = new ViewerPage(page);
  await viewer.open(one);
  const section = viewer.dialog.getByRole('region', { name: 'Collections' });
  await section.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('combobox', { name: 'Collection' }).fill('PARHAAT');
  await page.keyboard.press('Enter');
  await expect(section.getByRole('link', { name: 'Parhaat' })).toBeVisible();
  await section.getByRole('button', { name: 'Remove from Parhaat' }).click();
  await expect(section.getByRole('link')).toHaveCount(0);
  const removed = page.locator('.toast', { hasText: '1 item removed from Parhaat' });
  await removed.getByRole('button', { name: 'Undo' }).click();
  await expect(section.getByRole('link', { name: 'Parhaat' })).toBeVisible();
  await page.keyboard.press('Escape');

  // The page of collections.
  await grid.filters().getByRole('link', { name: 'Collections' }).click();
  const card = page.getByRole('link', { name: /Parhaat/ });
  await expect(card).toContainText('3 items');
  await expect(card.locator('img')).toHaveCount(3);
  await page.getByRole('button', { name: 'New collection' }).click();
  const form = page.getByRole('dialog', { name: 'New collection' });
  await form.getByLabel('Name').fill('parhaat');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('A collection with this name already exists.')).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await card.click();
  await expect(page).toHaveURL(/\?in=Parhaat$/);
  await expect(grid.tiles()).toHaveCount(3);
  await expect(page.getByRole('heading', { name: 'Parhaat', level: 2 })).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
});

test('a collection is ordered by keys, by mouse and by the selection bar, and keeps the order', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  const ids = await grid.add(server.url, ['one', 'two', 'three', 'four']);
  await makeCollection(page, server.url, 'Omat', ids);
  await page.goto('/?in=Omat');
  await expect.poll(() => titles(grid)).toEqual(['one', 'two', 'three', 'four']);
  await expect(page.getByText(/Drag items to order them/)).toBeVisible();
  await requestsAtRest(page);

  await grid.link(3).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => titles(grid)).toEqual(['one', 'two', 'four', 'three']);
  await expect(grid.link(2)).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: 'four: place 3 of 4' })).toHaveCount(1);
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('Alt+ArrowUp');
  await expect.poll(() => onServer(page, 'omat')).toEqual(['four', 'one', 'two', 'three']);
  await page.keyboard.press('Alt+ArrowDown');
  await expect.poll(() => onServer(page, 'omat')).toEqual(['one', 'four', 'two', 'three']);

  // By mouse: the last one before the first.
  const box = async (index: number) => {
    const found = await grid.link(index).boundingBox();
    if (!found) throw new Error('The tile is not there.');
    return found;
  };
  const [from, to] = [await box(3), await box(0)];
  await page.mouse.move(from.x + 60, from.y + 80);
  await page.mouse.down();
  await page.mouse.move(from.x + 20, from.y + 60, { steps: 3 });
  await page.mouse.move(to.x + 10, to.y + 60, { steps: 5 });
  await page.mouse.up();
  await expect.poll(() => titles(grid)).toEqual(['three', 'one', 'four', 'two']);
  await expect.poll(() => onServer(page, 'omat')).toEqual(['three', 'one', 'four', 'two']);
  // A drag opens nothing.
  await expect(page).toHaveURL(/\/\?in=Omat$/);

  // By the selection bar, which a finger reaches.
  await grid.link(0).focus();
  await page.keyboard.press('x');
  await grid.bar().getByRole('button', { name: 'Move later' }).click();
  await expect.poll(() => onServer(page, 'omat')).toEqual(['one', 'three', 'four', 'two']);
  await grid.bar().getByRole('button', { name: 'Remove from collection' }).click();
  await expect.poll(() => titles(grid)).toEqual(['one', 'four', 'two']);
  const removed = page.locator('.toast', { hasText: '1 item removed from Omat' });
  await removed.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => titles(grid)).toEqual(['one', 'three', 'four', 'two']);
  await page.reload();
  await expect.poll(() => titles(grid)).toEqual(['one', 'three', 'four', 'two']);
});

test('a refused move goes back, and a collection is edited and deleted by its owner only', async ({
  signedIn: page,
  server,
  browser,
}) => {
  const grid = new GridPage(page);
  const ids = await grid.add(server.url, ['one', 'two']);
  await makeCollection(page, server.url, 'Omat', ids);
  await page.goto('/?in=Omat');
  await expect.poll(() => titles(grid)).toEqual(['one', 'two']);
  await requestsAtRest(page);
  await page.route('**/api/collections/*/order', (route) =>
    route.fulfill({ status: 500, json: { code: 'internal', message: 'no' } }),
  );
  await grid.link(1).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(page.locator('.toast')).toHaveCount(1);
  await expect.poll(() => titles(grid)).toEqual(['one', 'two']);

  const other = await joinAs(browser, page, 'Louhi', server.url);
  await other.goto('/?in=Omat');
  await expect(other.getByRole('heading', { name: 'Omat', level: 2 })).toBeVisible();
  await expect(other.getByRole('button', { name: 'Edit collection' })).toHaveCount(0);
  await other.context().close();

  // Its link shows what it has, without an account.
  await page.getByRole('button', { name: 'Share by a link' }).click();
  const sharing = page.getByRole('dialog', { name: 'Share “Omat”' });
  await sharing.getByRole('button', { name: 'Create and copy the link' }).click();
  const link = sharing.locator('.share-url');
  await expect(link).toHaveCount(1);
  expect(await axeFindings(page)).toEqual([]);
  const stranger = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await stranger.goto(String(await link.getAttribute('href')));
  await expect(stranger.getByRole('heading', { name: 'Omat' })).toBeVisible();
  await expect(stranger.getByRole('listitem')).toHaveText(['one', 'two']);
  await page.keyboard.press('Escape');
  await page.request.delete(`/api/media/${ids[0]}`, { headers: { origin: server.url } });
  await stranger.reload();
  await expect(stranger.getByRole('heading', { name: 'two' })).toBeVisible();
  await page.request.post(`/api/media/${ids[0]}/restore`, { headers: { origin: server.url } });
  await stranger.reload();
  await expect(stranger.getByRole('listitem')).toHaveText(['one', 'two']);

  await page.getByRole('button', { name: 'Edit collection' }).click();
  const form = page.getByRole('dialog', { name: 'Edit collection' });
  await form.getByLabel('Name').fill('Iso koira');
  await form.getByLabel('Newest first').check();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(/\?in=Iso\+koira$/);
  await expect.poll(() => titles(grid)).toEqual(['two', 'one']);
  await page.getByRole('button', { name: 'Delete collection' }).click();
  const sure = page.getByRole('dialog', { name: 'Delete Iso koira?' });
  await sure.getByRole('button', { name: 'Delete collection' }).click();
  await expect(page).toHaveURL(/\/collections$/);
  await expect(page.getByText('No collections yet. Make the first one.')).toBeVisible();
  await stranger.reload();
  await expect(stranger.getByRole('heading', { name: 'This link has ended' })).toBeVisible();
  await stranger.context().close();
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(2);
});
