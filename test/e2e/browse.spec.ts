import { seedItems } from '../support/seed.ts';
import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';

test('a long folder scrolls to its end in few elements', async ({ signedIn: page, server, dataDir }) => {
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
});
