import type { Locator, Page } from 'playwright/test';
import { drawn, pageAtRest } from '../e2e/animations.ts';
import { expect, test } from '../e2e/fixtures.ts';
import { GridPage } from '../e2e/pages/grid.page.ts';
import { ViewerPage } from '../e2e/pages/viewer.page.ts';
import { becomesCalm, benchmark, slowdownFor } from './machine.ts';
import { inpOf, takeInteractions, watchInteractions } from './interactions.ts';
import { seedItems } from '../e2e/server.ts';

/** Maximum number of elements in the document. */
const NODES = 1500;
/**
 * Longest time from a press to its paint, milliseconds: "good" by https://web.dev/articles/inp.
 * Visits are timed until one reaches it. The test fails at {@link INP_MS}, for a page that became
 * much slower. Two cores also run the server, the browser and its software rendering. They do not
 * always time a phone to 200 ms.
 */
const GOAL_MS = 200;
const INP_MS = 500;
/** Limit while the machine also does other work: see {@link becomesCalm}. */
const INP_BUSY_MS = 1000;
/** Maximum timed visits. A visit disturbed by another program says nothing about the page. */
const VISITS = 3;
const TITLES = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];

test.use({ serverEnv: { OCR: 'off' }, watchesTexts: false });

test('in a folder of ten thousand nothing shifts, few elements exist, and what one does shows at once', async ({
  signedIn: page,
  server,
  dataDir,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, TITLES);
  await seedItems(dataDir, 10_000 - TITLES.length);
  await page.goto('/');
  await page.evaluate(() => {
    Object.assign(globalThis, { shifted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        Object.assign(globalThis, {
          shifted: Reflect.get(globalThis, 'shifted') + Reflect.get(entry, 'value'),
        });
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await expect(grid.tiles().first()).toBeVisible();

  let most = 0;
  const count = async () => {
    most = Math.max(most, await grid.nodes());
  };
  await grid.scrollUntil(async () => (await grid.lastPosition()) >= 5000, count);
  // Only scrolling: navigation between lists may move elements.
  const shiftedBefore = await page.evaluate(() => Reflect.get(globalThis, 'shifted'));

  await test.step('with 5,000 loaded and the CPU of a phone', async () => {
    const cdp = await page.context().newCDPSession(page);
    const calm = await becomesCalm();
    const rate = slowdownFor(await benchmark(page));
    await cdp.send('Emulation.setCPUThrottlingRate', { rate });
    process.stdout.write(`CPU slowed by ${rate.toFixed(2)}\n`);
    await watchInteractions(page);
    let least = Infinity;
    for (let visit = 0; visit < VISITS && least > GOAL_MS; visit++)
      least = Math.min(least, await timeVisit(page, visit));
    expect(least).toBeLessThanOrEqual(calm ? INP_MS : INP_BUSY_MS);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await page.evaluate((shifted) => Object.assign(globalThis, { shifted }), shiftedBefore);
  });

  await grid.scrollToEnd(count);
  await expect(page.getByText('End of list · 10,000 items')).toBeVisible();
  const shifted = await page.evaluate(() => Reflect.get(globalThis, 'shifted'));
  process.stdout.write(`10,000 pictures: at most ${most} elements, shifted by ${shifted}\n`);
  expect(most).toBeLessThan(NODES);
  expect(shifted).toBe(0);
});

/**
 * Acts as a user once: looks, walks, selects, searches and returns.
 * @returns the INP of the visit, milliseconds
 */
async function timeVisit(page: Page, visit: number): Promise<number> {
  const grid = new GridPage(page);
  const viewer = new ViewerPage(page);
  let count = 0;
  /** Presses a key and waits for everything it draws, as a user looks before the next key. */
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      count++;
      await drawn(page);
    }
  };
  const click = async (locator: Locator) => {
    await locator.click();
    count++;
    await drawn(page);
  };
  const share = 0.3 + (visit % 3) * 0.2;
  await page.evaluate((part) => window.scrollTo({ top: document.body.scrollHeight * part }), share);
  await pageAtRest(page);

  // View some.
  const tile = grid.tiles().nth(20);
  const id = await tile.getAttribute('data-id');
  await click(tile.getByRole('link'));
  await viewer.title.waitFor();
  await press('ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', '+', '0', 'Escape');
  await expect(viewer.dialog).toHaveCount(0);
  // Move, then select some, many, all.
  await page.locator(`[data-id="${id}"] > a`).focus();
  await press('ArrowDown', 'ArrowRight', 'ArrowUp', 'x', 'ArrowRight', 'x');
  await expect(grid.bar()).toBeVisible();
  await press('Shift+ArrowDown', 'Shift+ArrowDown', 'Control+a', 'Escape');
  await expect(grid.bar()).toHaveCount(0);
  // Search: a list of another length, and back to the long one.
  await press('/', 's', 'e', 'e', 'd', 'e', 'd', 'Space', '1', '2', 'Enter');
  await expect(page).toHaveURL(/q=/);
  await pageAtRest(page);
  await page.goBack();
  await expect(page).not.toHaveURL(/q=/);
  await expect(grid.tiles().first()).toBeVisible();
  await pageAtRest(page);
  await click(page.getByRole('button', { name: 'Account' }));
  await press('Escape');

  const slowest = await takeInteractions(page);
  const inp = inpOf(slowest, count);
  const told = slowest.slice(0, 6).map(({ what, ms }) => `${what} ${ms}`);
  process.stdout.write(`5,000 pictures: INP ${inp} ms of ${count}; ${told.join(', ')}\n`);
  return inp;
}
