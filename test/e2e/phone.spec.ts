import type { Page } from 'playwright/test';
import { ADMIN_TABS } from '../../client/admin/admin-tabs.model.ts';
import { requestsAtRest } from './animations.ts';
import { expect, PASSWORD, test, TRY_AGAIN_MS } from './fixtures.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { HomePage } from './pages/home.page.ts';
import { GridPage } from './pages/grid.page.ts';
import { SignInPage } from './pages/sign-in.page.ts';
import { TrayPage } from './pages/tray.page.ts';
import { drawPicture, drop } from './pictures.ts';
import { pngFile } from './png.ts';
import { tooSmall } from './targets.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 3 });

/** Returns how much wider the page is than the screen, pixels. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Checks that no target is too small for a thumb, and nothing is wider than the screen. */
async function expectFits(page: Page, where: string): Promise<void> {
  expect(await tooSmall(page), where).toEqual([]);
  expect(await overflow(page), where).toBeLessThanOrEqual(0);
}

test(
  'on a phone everything fits the width and is large enough for a thumb',
  { tag: '@smoke' },
  async ({ signedIn: page }) => {
    const folder = new HomePage(page);
    const check = (where: string) => expectFits(page, where);
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
    for (const path of [
      '/tags',
      '/account',
      '/invites',
      ...ADMIN_TABS.map((tab) => `/admin/${tab}`),
      '/nowhere',
      '/?q=nothing',
    ]) {
      await page.goto(path);
      await expect(page.getByRole('main')).toBeVisible();
      await requestsAtRest(page);
      await check(path);
    }

    await page.goto('/');
    await menu.signOut();
    const signIn = new SignInPage(page);
    await signIn.submit.waitFor();
    await check('sign-in');
    await signIn.fill('Aino', PASSWORD);
    await expect(folder.pictures).toHaveCount(1);
  },
);

test('sending and selecting fit a phone, with nothing too small for a thumb', async ({ signedIn: page }) => {
  const folder = new HomePage(page);
  const grid = new GridPage(page);
  const tray = new TrayPage(page);
  const check = (where: string) => expectFits(page, where);
  const broken = { name: 'rikki.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') };
  let go = (): void => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/api/media', async (route) => {
    if (route.request().method() === 'POST') await held;
    return route.fallback();
  });
  const names = ['yksi.png', 'kuvakaappaus-2026-11-25-kello-12-34-56-puhelimesta.png'];
  await tray.pick([...(await Promise.all(names.map((name, seed) => pngFile(name, seed)))), broken]);
  await expect(tray.button('Cancel yksi.png')).toBeVisible();
  await check('tray that sends');
  await tray.button('Title and tags of yksi.png').tap();
  await expect(tray.region.getByLabel('Title', { exact: true })).toBeVisible();
  await tray.region.getByLabel('Tags', { exact: true }).fill('kissa,');
  await check('tray with a form');
  await tray.region.getByRole('button', { name: 'Done' }).tap();
  go();
  await expect(folder.pictures).toHaveCount(2);
  await expect(tray.row('rikki.png')).toContainText(/kind|type|taken|picture/i);
  await check('tray that has sent');
  // An upload that can be retried.
  await page.unroute('**/api/media');
  await page.route('**/api/media', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 500, json: { code: 'internal', message: 'x', requestId: 'r' } })
      : route.fallback(),
  );
  await tray.pick([await pngFile('huono.png', 7)]);
  await expect(tray.button('Retry huono.png')).toBeVisible();
  await check('tray with one that failed');

  await page.goto('/');
  await expect(folder.pictures).toHaveCount(2);
  await grid.link(0).focus();
  await expect(async () => {
    await page.keyboard.press('x');
    await expect(grid.bar()).toBeVisible({ timeout: TRY_AGAIN_MS });
  }).toPass();
  await check('selection bar');
  await grid.bar().getByRole('button', { name: 'Tag' }).tap();
  await expect(page.getByRole('dialog', { name: /^Tags of/ })).toBeVisible();
  await check('tags of many');
  await page.keyboard.press('Escape');
  await grid.bar().getByRole('button', { name: 'Delete' }).tap();
  await expect(folder.messages.getByRole('button', { name: 'Undo' })).toBeVisible();
  await check('message with undo');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await check('sheet of keys');
});

test('adding sits under the thumb, and an invitation is shared by the phone’s own sheet', async ({
  signedIn: page,
}) => {
  const add = page.getByRole('button', { name: 'Add files' });
  const box = await add.boundingBox();
  expect(box?.y).toBeGreaterThan(844 * 0.75);

  // Chromium on a desktop has no share sheet. The test checks the data given to it.
  await page.addInitScript(() => {
    Object.assign(navigator, {
      share: (data: ShareData) =>
        Promise.resolve(document.documentElement.setAttribute('data-shared', data.url ?? '')),
    });
  });
  await page.goto('/invites');
  await page.getByRole('button', { name: 'Create invitation' }).tap();
  const link = await page.getByLabel('Invitation link').inputValue();
  await page.getByRole('button', { name: 'Share' }).tap();
  await expect(page.locator('html')).toHaveAttribute('data-shared', link);
});
