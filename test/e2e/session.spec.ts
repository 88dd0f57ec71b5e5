import { expect, PASSWORD, test } from './fixtures.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { SignInPage } from './pages/sign-in.page.ts';
import { TrayPage } from './pages/tray.page.ts';
import { pngFile } from './png.ts';

test('a session that ends while files are sent: sign in over the page, and they go on', async ({
  signedIn: page,
  context,
}) => {
  const tray = new TrayPage(page);
  await tray.pick([await pngFile('first.png', 1)]);
  await expect(tray.pictures).toHaveCount(1);
  await tray.button('Title and tags of first.png').click();
  const title = tray.region.getByLabel('Title', { exact: true });
  await title.fill('Half typed');
  await context.clearCookies();
  await tray.pick([await pngFile('second.png', 2), await pngFile('third.png', 3)]);
  const again = page.getByRole('dialog');
  await expect(again.getByRole('heading', { name: 'Sign in to continue' })).toBeVisible();
  await again.getByLabel('Username').fill('Aino');
  await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await expect(tray.pictures).toHaveCount(3);
  await expect(title).toHaveValue('Half typed');
  await page.keyboard.press('Escape');
});

test('two tabs agree: what one adds the other shows, and a sign-out in one is one in both', async ({
  signedIn: page,
  context,
}) => {
  const other = await context.newPage();
  await other.goto('/');
  const theirs = new TrayPage(other);
  await expect(other.getByRole('combobox', { name: 'Search' })).toBeVisible();
  await new TrayPage(page).pick([await pngFile('new.png', 1)]);
  await expect(theirs.pictures).toHaveCount(1);
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(other.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
  await expect(theirs.pictures).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => caches.has('pictures'))).toBe(false);
});

test('a sign-out asks nobody to sign in again while the browser forgets', async ({ signedIn: page }) => {
  await page.addInitScript(() => {
    const forget = Reflect.get(CacheStorage.prototype, 'delete');
    const { promise, resolve } = Promise.withResolvers<void>();
    Object.assign(window, { goOn: resolve });
    CacheStorage.prototype.delete = function deleteLater(name) {
      return promise.then(() => Reflect.apply(forget, this, [name]));
    };
  });
  await page.goto('/');
  await new AccountMenu(page).signOut();
  await expect(new SignInPage(page).submit).toBeVisible();
  await expect(new SignInPage(page).again).toHaveCount(0);
  await page.evaluate(() => Reflect.get(window, 'goOn')());
  await expect.poll(() => page.evaluate(() => caches.has('pictures'))).toBe(false);
});
