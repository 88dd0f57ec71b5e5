import { seedItems } from '../support/seed.ts';
import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';

test('a long folder scrolls to its end in few elements, and its place is found again', async ({
  signedIn: page,
  server,
  dataDir,
}) => {
  test.setTimeout(180_000);
  const grid = new GridPage(page);
  await grid.add(server.url, ['first', 'second', 'third', 'fourth']);
  await seedItems(dataDir, 400);
  await page.goto('/');
  await expect(grid.tiles().first()).toBeVisible();

  let most = 0;
  await grid.scrollToEnd(async () => {
    most = Math.max(most, await grid.nodes());
  });
  await expect(page.getByText('That is all: 404 pictures.')).toBeVisible();
  expect(most).toBeLessThan(1500);

  // Back from another page, and after a reload, one is where one was.
  await page.evaluate(() => window.scrollTo({ top: document.body.scrollHeight / 2 }));
  await page.waitForTimeout(800);
  const before = await grid.scrollTop();
  expect(before).toBeGreaterThan(3000);
  await grid.filters().getByRole('link', { name: 'Tags' }).click();
  await expect(page.getByRole('heading', { name: 'Tags and people' })).toBeVisible();
  await page.goBack();
  await expect.poll(grid.scrollTop).toBeGreaterThan(before - 5);
  await expect.poll(grid.scrollTop).toBeLessThan(before + 5);
  await page.waitForTimeout(800);
  await page.reload();
  await expect.poll(grid.scrollTop).toBeGreaterThan(before - 5);
  await expect.poll(grid.scrollTop).toBeLessThan(before + 5);

  // Going there anew begins at the top.
  await page.goto('/');
  await expect(grid.tiles().first()).toBeVisible();
  await page.waitForTimeout(500);
  expect(await grid.scrollTop()).toBe(0);
});
