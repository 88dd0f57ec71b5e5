import type { Page } from 'playwright/test';
import { expect, test, TRY_AGAIN_MS } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';

// A service worker has every chunk, so its cache would serve the chunk that is held back here.
test.use({ serverEnv: { OCR: 'off' }, serviceWorkers: 'block' });

/** Holds a chunk back until the returned function is called. */
async function holdBack(page: Page, name: string): Promise<() => void> {
  let release = () => {};
  const free = new Promise<void>((resolve) => (release = resolve));
  const chunk = new RegExp(`/assets/${name}-[^/]+\\.js$`);
  await page.unroute(chunk);
  await page.route(chunk, async (route) => {
    await free;
    await route.continue();
  });
  return release;
}

test('keys pressed before the bar is loaded are done once it is', async ({ signedIn: page, server }) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['one', 'two', 'three']);
  /** Opens the folder and holds the bar back. Returns a function that lets it come. */
  const held = async () => {
    const release = await holdBack(page, 'selection-bar');
    await page.goto('/');
    await expect(grid.tiles().first()).toBeVisible();
    await grid.link(0).focus();
    return release;
  };
  const release = await held();
  await expect(async () => {
    await page.keyboard.press('x');
    await expect(grid.selected()).toHaveCount(1, { timeout: TRY_AGAIN_MS });
  }).toPass();
  await page.keyboard.press('t');
  await expect(grid.bar()).toHaveCount(0);
  release();
  await expect(page.getByRole('dialog', { name: /^Tags of/ })).toBeVisible();

  // Delete, with the focus on no tile.
  const again = await held();
  await expect(async () => {
    await page.keyboard.press('Control+a');
    await expect(grid.selected()).toHaveCount(3, { timeout: TRY_AGAIN_MS });
  }).toPass();
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await page.keyboard.press('Delete');
  again();
  await expect(page.getByRole('heading', { name: 'This folder is empty' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(grid.tiles()).toHaveCount(3);
});

test('keys pressed before the viewer is loaded are done once it is', async ({ signedIn: page, server }) => {
  const grid = new GridPage(page);
  const viewer = new ViewerPage(page);
  await grid.add(server.url, ['one', 'two', 'three']);
  const release = await holdBack(page, 'viewer');
  await page.goto('/');
  await expect(grid.link(0)).toHaveAccessibleName('three');
  await grid.link(0).click();
  await expect(page).toHaveURL(/\/m\//);

  // Escape leaves at once, and what was pressed before it is forgotten.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL('/');
  await expect(viewer.dialog).toHaveCount(0);

  await grid.link(0).click();
  await expect(page).toHaveURL(/\/m\//);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Delete');
  await expect(grid.tiles()).toHaveCount(3);
  release();
  // The next of the deleted one is shown.
  await expect(viewer.title).toHaveText('one');
  await viewer.close();
  await expect(grid.tiles()).toHaveCount(2);
  await expect(grid.link(0)).toHaveAccessibleName('three');
});

test('a search that ends before the suggestions are loaded is remembered', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['kissa ikkunalla', 'koira rannalla']);
  const release = await holdBack(page, 'suggestions');
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(2);
  await grid.search().fill('kissa');
  await page.keyboard.press('Enter');
  await expect(grid.tiles()).toHaveCount(1);
  release();
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expect(page.getByRole('option', { name: /kissa/ })).toBeVisible();
});
