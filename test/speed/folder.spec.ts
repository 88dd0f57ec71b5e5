import { expect, test } from '../e2e/fixtures.ts';
import { GridPage } from '../e2e/pages/grid.page.ts';
import { OverlayPage } from '../e2e/pages/overlay.page.ts';
import { seedItems } from '../support/seed.ts';
import { inpOf, takeInteractions, watchInteractions } from './interactions.ts';

/** Elements of the whole document, at most. */
const NODES = 1500;
/** Longest from a press to what it shows, in milliseconds: what the web calls good. */
const INP_MS = 200;

test.use({ serverEnv: { OCR: 'off' } });

test('ten thousand pictures are scrolled through in few elements, and nothing shifts', async ({
  signedIn: page,
  server,
  dataDir,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth']);
  await seedItems(dataDir, 9_992);
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
  await grid.scrollToEnd(async () => {
    most = Math.max(most, await grid.nodes());
  });
  await expect(page.getByText('That is all: 10,000 pictures.')).toBeVisible();
  const shifted = await page.evaluate(() => Reflect.get(globalThis, 'shifted'));
  process.stdout.write(`10,000 pictures: at most ${most} elements, shifted by ${shifted}\n`);
  expect(most).toBeLessThan(NODES);
  expect(shifted).toBe(0);
});

test('with 5,000 pictures loaded and a CPU four times slower, whatever one does shows at once', async ({
  signedIn: page,
  server,
  dataDir,
}) => {
  const grid = new GridPage(page);
  const overlay = new OverlayPage(page);
  await grid.add(server.url, ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth']);
  await seedItems(dataDir, 4_992);
  await page.goto('/');
  await grid.scrollToEnd();
  await expect(page.getByText('That is all: 5,000 pictures.')).toBeVisible();

  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await watchInteractions(page);
  const { keyboard } = page;
  let count = 0;
  /** A press, and time for a person to look at what came of it. */
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      await keyboard.press(key);
      count++;
      await page.waitForTimeout(250);
    }
  };
  const click = async (locator: ReturnType<typeof grid.bar>) => {
    await locator.click();
    count++;
    await page.waitForTimeout(400);
  };

  const rounds: number[] = [];
  for (let round = 0; round < 3; round++) {
    count = 0;
    await page.evaluate(
      (share) => window.scrollTo({ top: document.body.scrollHeight * share }),
      0.3 + round * 0.2,
    );
    await page.waitForTimeout(1000);
    const tile = grid.tiles().nth(20).getByRole('link');
    const id = await grid.tiles().nth(20).getAttribute('data-id');
    // Look at some.
    await click(tile);
    await overlay.title.waitFor();
    await press('ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', '+', '0');
    await press('Escape');
    await expect(overlay.dialog).toHaveCount(0);
    // Walk, select some, many, all.
    await page.locator(`[data-id="${id}"] > a`).focus();
    await press('ArrowDown', 'ArrowRight', 'ArrowUp', 'x', 'ArrowRight', 'x');
    await expect(grid.bar()).toBeVisible();
    await press('Shift+ArrowDown', 'Shift+ArrowDown', 'Control+a', 'Escape');
    await expect(grid.bar()).toHaveCount(0);
    // Search: a list of another length, and back to the long one.
    await press('/', 's', 'e', 'e', 'd', 'e', 'd', 'Space', '1', '2');
    await press('Enter');
    await expect(grid.status()).toContainText(/found|result|\d/);
    await page.waitForTimeout(1500);
    await page.goBack();
    await expect(grid.link(0).or(grid.tiles().first())).toBeVisible();
    await page.waitForTimeout(1000);
    await click(page.getByRole('button', { name: 'Account' }));
    await press('Escape');

    const slowest = await takeInteractions(page);
    const inp = inpOf(slowest, count);
    rounds.push(inp);
    process.stdout.write(
      `5,000 pictures, CPU / 4: INP ${inp} ms of ${count}; ${slowest
        .slice(0, 6)
        .map(({ what, ms }) => `${what} ${ms}`)
        .join(', ')}\n`,
    );
  }
  // The median of three: a machine that was busy with something else once says nothing of the page.
  expect(rounds.toSorted((a, b) => a - b)[1]).toBeLessThanOrEqual(INP_MS);
});
