import { expect, test, TRY_AGAIN_MS } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';

// A service worker has every chunk, so its cache would serve the chunk that is held back here.
test.use({ serverEnv: { OCR: 'off' }, serviceWorkers: 'block' });

const PART = /\/assets\/selection-bar-[^/]+\.js$/;

test('keys pressed before the bar is loaded are done once it is', async ({ signedIn: page, server }) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['one', 'two', 'three']);
  /** Opens the folder and holds the bar back. Returns a function that lets it come. */
  const held = async () => {
    let release = () => {};
    const free = new Promise<void>((resolve) => (release = resolve));
    await page.unroute(PART);
    await page.route(PART, async (route) => {
      await free;
      await route.continue();
    });
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
