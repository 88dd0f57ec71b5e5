import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { AccountMenu } from './pages/account-menu.page.ts';

/** Returns how light the page is, 0–1. */
const lightness = (page: Page) =>
  page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
    const paint = canvas.getContext('2d');
    if (!paint) throw new Error('no canvas');
    paint.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    paint.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = paint.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3 / 255;
  });

test('the theme follows the system until one is chosen, and a choice outlives a reload', async ({
  signedIn: page,
}) => {
  const menu = new AccountMenu(page);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await lightness(page)).toBeGreaterThan(0.9);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await lightness(page)).toBeLessThan(0.2);

  await menu.open();
  await menu.choose('Light');
  expect(await lightness(page)).toBeGreaterThan(0.9);
  await page.reload();
  expect(await lightness(page)).toBeGreaterThan(0.9);

  await page.goto('/account');
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await lightness(page)).toBeLessThan(0.2);
  await page.getByRole('radio', { name: 'System' }).check({ force: true });
  expect(await lightness(page)).toBeGreaterThan(0.9);
});

test('a chosen theme never flashes the other one while the page loads', async ({ signedIn: page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.evaluate(() => localStorage.setItem('theme', 'dark'));
  // Load only the document and the script in its head: the first paint.
  await page.route(/\/assets\//, (route) =>
    route.request().url().endsWith('.css') ? route.continue() : route.abort(),
  );
  await page.reload({ waitUntil: 'domcontentloaded' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect.poll(() => lightness(page)).toBeLessThan(0.2);
});
