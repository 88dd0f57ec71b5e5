import type { Page } from 'playwright/test';
import { expect, PASSWORD, test } from './fixtures.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { FolderPage } from './pages/folder.page.ts';
import { SignInPage } from './pages/sign-in.page.ts';
import { drawPicture, drop } from './pictures.ts';
import { tooSmall } from './targets.ts';

// What counts here is what happens, not how fast: a small machine may take its time.
test.describe.configure({ timeout: 180_000 });

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 3 });

/** How far the page is wider than the screen. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('on a phone everything fits the width and is large enough for a thumb', async ({ signedIn: page }) => {
  const folder = new FolderPage(page);
  const check = async (where: string) => {
    expect(await tooSmall(page), where).toEqual([]);
    expect(await overflow(page), where).toBeLessThanOrEqual(0);
  };
  await folder.search.waitFor();
  await check('empty folder');
  await drop(page, 'aamu.png', await drawPicture(page, ['Hyvää huomenta']));
  await expect(folder.pictures).toHaveCount(1);
  await check('folder');

  await folder.pictures.first().tap();
  await expect(folder.dialog).toBeVisible();
  await check('picture');
  await folder.dialog.getByRole('button', { name: 'Close' }).tap();
  await expect(folder.dialog).toHaveCount(0);

  const menu = new AccountMenu(page);
  await menu.open();
  await check('menu');
  for (const path of ['/account', '/invites', '/admin', '/nowhere', '/?q=nothing']) {
    await page.goto(path);
    await expect(page.getByRole('main')).toBeVisible();
    await page.waitForLoadState('networkidle');
    await check(path);
  }

  await page.goto('/');
  await menu.signOut();
  const signIn = new SignInPage(page);
  await signIn.submit.waitFor();
  await check('sign-in');
  await signIn.fill('Aino', PASSWORD);
  await expect(folder.pictures).toHaveCount(1);
});

test('adding sits under the thumb, and an invitation is shared by the phone’s own sheet', async ({
  signedIn: page,
}) => {
  const add = page.getByRole('button', { name: 'Add files' });
  const box = await add.boundingBox();
  expect(box?.y).toBeGreaterThan(844 * 0.75);

  // Chromium on a desktop has no sheet; what is handed to it is what counts here.
  await page.addInitScript(() => {
    Object.assign(navigator, {
      share: (data: ShareData) =>
        Promise.resolve(document.documentElement.setAttribute('data-shared', data.url ?? '')),
    });
  });
  await page.goto('/invites');
  await page.getByRole('button', { name: 'Make an invitation' }).tap();
  const link = await page.getByLabel('Link of the invitation').inputValue();
  await page.getByRole('button', { name: 'Share' }).tap();
  await expect(page.locator('html')).toHaveAttribute('data-shared', link);
});
