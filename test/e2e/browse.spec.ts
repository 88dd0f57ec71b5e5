import { seedItems } from '../support/databases/seed.ts';
import { expect, test } from './fixtures.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
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

  // One rests somewhere, and that place does not hold one who goes on when more pictures come.
  await page.evaluate(() => window.scrollTo({ top: 600 }));
  await page.waitForTimeout(800);
  expect(await grid.wayBack()).toBe(0);

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

  // The bar is always there: going to what is on it moves nothing.
  await page.keyboard.press('/');
  await expect(grid.search()).toBeFocused();
  await page.keyboard.press('Tab');
  await page.waitForTimeout(300);
  expect(await grid.scrollTop()).toBe(before);

  // Nor does it cover the picture one walks to.
  await grid.tiles().nth(30).getByRole('link').focus();
  for (let steps = 0; steps < 6; steps++) {
    await page.keyboard.press('ArrowUp');
    await page.waitForTimeout(100);
    const top = await page.evaluate(() => document.activeElement?.getBoundingClientRect().top ?? -1);
    const bar = await page.getByRole('banner').evaluate((header) => header.getBoundingClientRect().bottom);
    expect(top).toBeGreaterThanOrEqual(bar);
  }
  await page.evaluate((top) => window.scrollTo({ top }), before);
  await page.waitForTimeout(800);
  // By the bar, which stays in sight: the filters are at the top, and going there is leaving the place.
  await new AccountMenu(page).open();
  await page.getByRole('link', { name: 'Invite a friend' }).click();
  await expect(page.getByRole('heading', { name: 'Invitations', level: 1 })).toBeVisible();
  await page.goBack();
  await expect.poll(grid.scrollTop).toBeGreaterThan(before - 5);
  await expect.poll(grid.scrollTop).toBeLessThan(before + 5);
  await page.waitForTimeout(800);
  await page.reload();
  await expect.poll(grid.scrollTop).toBeGreaterThan(before - 5);
  await expect.poll(grid.scrollTop).toBeLessThan(before + 5);

  // Going there anew begins at the top.
  await page.goto('/invites');
  await page.getByRole('link', { name: 'Back to the folder' }).click();
  await expect(grid.tiles().first()).toBeVisible();
  await page.waitForTimeout(500);
  expect(await grid.scrollTop()).toBe(0);
});
