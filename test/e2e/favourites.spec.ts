import type { Page } from 'playwright/test';
import { mediaList } from '../../app/media/media.schema.ts';
import { axeFindings } from './axe.ts';
import { requestsAtRest } from './animations.ts';
import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { joinAs } from './people.ts';

/** The titles of the user's favourites on the server. */
const onServer = async (page: Page): Promise<string[]> => {
  const answer = await page.request.get('/api/media?q=is:favourite');
  return mediaList.parse(await answer.json()).items.map(({ title }) => title);
};

test('an item becomes a favourite on its tile, by key and in the viewer, and a filter lists them', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  const [one = ''] = await grid.add(server.url, ['one', 'two', 'three']);
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(3);
  await requestsAtRest(page);

  // By mouse on the tile.
  await grid.tiles().nth(0).hover();
  const star = page.getByRole('button', { name: 'Favourite: three' });
  await expect(star).toHaveAttribute('aria-pressed', 'false');
  await star.click();
  await expect(star).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText('1 item added to favourites')).toBeVisible();
  await expect.poll(() => onServer(page)).toEqual(['three']);
  await expect(star).toHaveAttribute('title', 'Favourite · 1');

  // By key on a focused tile.
  await grid.link(1).focus();
  await page.keyboard.press('f');
  await expect(grid.link(1)).toHaveAccessibleDescription('Favourite');
  await expect.poll(() => onServer(page)).toEqual(['three', 'two']);
  await expect(grid.tiles().locator('.tile-favourite')).toHaveCount(2);

  // By key and button in the viewer.
  const viewer = new ViewerPage(page);
  await viewer.open(one);
  await page.keyboard.press('f');
  const action = viewer.button(/^Favourite/);
  await expect(action).toHaveAttribute('aria-pressed', 'true');
  await expect(action).toHaveAccessibleName('Favourite · 1');
  await expect.poll(() => onServer(page)).toEqual(['three', 'two', 'one']);
  await action.click();
  await expect(action).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(() => onServer(page)).toEqual(['three', 'two']);
  // Undo gives it back.
  const removed = page.locator('.toast', { hasText: '1 item removed from favourites' });
  await removed.getByRole('button', { name: 'Undo' }).click();
  await expect(action).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => onServer(page)).toEqual(['three', 'two', 'one']);
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');

  // The filter lists them, and an item leaves the list that is no favourite any more.
  await grid.filters().getByRole('link', { name: 'Favourites' }).click();
  await expect(page).toHaveURL(/\?is=favourite$/);
  await expect(grid.tiles()).toHaveCount(3);
  await grid.link(0).focus();
  await page.keyboard.press('f');
  await expect(grid.tiles()).toHaveCount(2);
  expect(await axeFindings(page)).toEqual([]);
});

test('a selection becomes favourites in one step, and no longer by the same key', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['one', 'two', 'three']);
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(3);
  await requestsAtRest(page);
  await grid.link(0).focus();
  await page.keyboard.press('f');
  await expect.poll(() => onServer(page)).toEqual(['three']);
  await page.keyboard.press('Control+a');
  const button = grid.bar().getByRole('button', { name: 'Favourite' });
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => onServer(page)).toEqual(['three', 'two', 'one']);
  // Undo leaves the one that was a favourite before.
  const added = page.locator('.toast', { hasText: '2 items added to favourites' });
  await added.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => onServer(page)).toEqual(['three']);
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await grid.link(0).focus();
  await page.keyboard.press('f');
  await expect.poll(() => onServer(page)).toEqual(['three', 'two', 'one']);
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('f');
  await expect.poll(() => onServer(page)).toEqual([]);
});

test('a refused favourite is taken back and said', async ({ signedIn: page, server }) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['one']);
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(1);
  await requestsAtRest(page);
  const answer = Promise.withResolvers<void>();
  await page.route('**/api/favourites', async (route) => {
    await answer.promise;
    await route.fulfill({ status: 500, json: { code: 'internal', message: 'no' } });
  });
  await grid.link(0).focus();
  await page.keyboard.press('f');
  await expect(grid.tiles().locator('.tile-favourite')).toHaveCount(1);
  answer.resolve();
  await expect(grid.tiles().locator('.tile-favourite')).toHaveCount(0);
  await expect(page.locator('.toast')).toHaveCount(1);
  await expect(page.getByText(/added to favourites/)).toHaveCount(0);
});

test('everybody sees the number at once, and only the own star', async ({
  signedIn: page,
  server,
  browser,
}) => {
  const grid = new GridPage(page);
  const [id = ''] = await grid.add(server.url, ['one']);
  const other = await joinAs(browser, page, 'Louhi', server.url);
  await other.goto(`/m/${id}`);
  const action = new ViewerPage(other).button(/^Favourite/);
  await expect(action).toHaveAccessibleName('Favourite');
  await page.goto(`/m/${id}`);
  await new ViewerPage(page).button(/^Favourite/).click();
  await expect(action).toHaveAccessibleName('Favourite · 1');
  await expect(action).toHaveAttribute('aria-pressed', 'false');
  await other.context().close();
});
