import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { atRest } from './animations.ts';

test.use({ serverEnv: { OCR: 'off' } });

/** Records every later width of the pictures. */
const watchWidths = (page: Page) =>
  page.getByRole('main').evaluate((main) => {
    const widths = new Set<number>();
    Object.assign(globalThis, { widths });
    new ResizeObserver(([entry]) => widths.add(entry?.contentRect.width ?? 0)).observe(main);
  });
const widths = (page: Page) =>
  page.evaluate(() => {
    const seen: Set<number> = Reflect.get(globalThis, 'widths');
    return [...seen];
  });

/**
 * The browser reserves space for a scrollbar that is not shown: the list fits the screen, or
 * scrollbars are hidden.
 */
test('what opens over the pictures leaves them as wide as they were, one over the other too', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['one', 'two']);
  await page.goto('/');
  const gutter = await page.evaluate(
    () => window.innerWidth - document.documentElement.getBoundingClientRect().width,
  );
  expect(gutter).toBeGreaterThan(0);
  await expect(grid.tiles()).toHaveCount(2);
  await watchWidths(page);
  const viewer = new ViewerPage(page);
  await grid.link(0).click();
  await expect(viewer.title).toBeVisible();
  await atRest(page);
  // The picture has the whole window, including the scrollbar's space.
  expect((await viewer.dialog.boundingBox())?.width).toBe(page.viewportSize()?.width);

  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(keys).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(keys).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(viewer.dialog).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  expect(await widths(page)).toHaveLength(1);
});
