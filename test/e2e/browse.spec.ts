import { scrollAtRest } from './animations.ts';
import { expect, test } from './fixtures.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { GridPage } from './pages/grid.page.ts';
import { seedItems } from './server.ts';

test('a long folder scrolls to its end in few elements, and its place is found again', async ({
  signedIn: page,
  server,
  dataDir,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['first', 'second', 'third', 'fourth']);
  await seedItems(dataDir, 400);
  await page.goto('/');
  await expect(grid.tiles().first()).toBeVisible();

  // A saved position does not hold a user who scrolls on when more pictures load.
  await grid.restAt(600);
  expect(await grid.wayBack()).toBe(0);

  let most = 0;
  await grid.scrollToEnd(async () => {
    most = Math.max(most, await grid.nodes());
  });
  await expect(page.getByText('End of list · 404 items')).toBeVisible();
  expect(most).toBeLessThan(1500);

  // Back from another page, and after a reload, the scroll position is the same.
  await grid.restAt(await page.evaluate(() => document.body.scrollHeight / 2));
  const before = await grid.scrollTop();
  expect(before).toBeGreaterThan(3000);

  // The bar is always visible: focusing its elements does not scroll.
  await page.keyboard.press('/');
  await expect(grid.search()).toBeFocused();
  await page.keyboard.press('Tab');
  await scrollAtRest(page);
  expect(await grid.scrollTop()).toBe(before);

  // The bar does not cover the focused picture either.
  await grid.tiles().nth(30).getByRole('link').focus();
  for (let steps = 0; steps < 6; steps++) {
    await page.keyboard.press('ArrowUp');
    await scrollAtRest(page);
    const top = await page.evaluate(() => document.activeElement?.getBoundingClientRect().top ?? -1);
    const bar = await page.getByRole('banner').evaluate((header) => header.getBoundingClientRect().bottom);
    expect(top).toBeGreaterThanOrEqual(bar);
  }
  await grid.restAt(before);
  // Leave by the top bar, which stays visible. The filters are at the top; going there would lose
  // the position.
  await new AccountMenu(page).open();
  await page.getByRole('link', { name: 'Invite a friend' }).click();
  await expect(page.getByRole('heading', { name: 'Invitations', level: 1 })).toBeVisible();
  await page.goBack();
  await expect.poll(grid.scrollTop).toBeGreaterThan(before - 5);
  await expect.poll(grid.scrollTop).toBeLessThan(before + 5);
  await scrollAtRest(page);
  await page.reload();
  await expect.poll(grid.scrollTop).toBeGreaterThan(before - 5);
  await expect.poll(grid.scrollTop).toBeLessThan(before + 5);

  // A new visit starts at the top.
  await page.goto('/invites');
  await page.getByRole('link', { name: 'Back to the folder' }).click();
  await expect(grid.tiles().first()).toBeVisible();
  await scrollAtRest(page);
  expect(await grid.scrollTop()).toBe(0);
});
