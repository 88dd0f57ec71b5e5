import { createdInvite } from '../../app/invites/invites.schema.ts';
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { addFile } from './items.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { GridPage } from './pages/grid.page.ts';
import { pngFile } from './png.ts';

// Links are fetched otherwise: from-url.spec.ts.
test.use({ serverEnv: { OCR: 'off', FETCH_URLS: 'off' } });

/** Hands data to the page as a drag or the clipboard does. Tells whether the page took it. */
const hand = (page: Page, type: 'drop' | 'paste', data: Record<string, string>) =>
  page.evaluate(
    ([what, texts]) => {
      const transfer = new DataTransfer();
      for (const [format, text] of Object.entries(texts)) transfer.setData(format, text);
      const options = { bubbles: true, cancelable: true };
      const event =
        what === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: transfer })
          : new ClipboardEvent('paste', { ...options, clipboardData: transfer });
      return !document.body.dispatchEvent(event);
    },
    [type, data] as const,
  );

test('without FETCH_URLS a dropped or pasted link gets an explanation, and the page stays', async ({
  signedIn: page,
}) => {
  const sentence = page.getByText('Only files can be added');
  // The page listens once its part for uploads is there.
  await expect.poll(() => hand(page, 'drop', { 'text/uri-list': 'https://example.org/cat.jpg' })).toBe(true);
  await expect(sentence).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  expect(await hand(page, 'paste', { 'text/plain': 'https://example.org/cat.jpg' })).toBe(true);
  await expect(sentence).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  expect(await hand(page, 'paste', { 'text/html': '<img src="https://example.org/cat.jpg">' })).toBe(true);
  await expect(sentence).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  // Other text is nobody's business.
  expect(await hand(page, 'paste', { 'text/plain': 'hello there' })).toBe(false);
});

test('a drag covers the whole page', async ({ signedIn: page }) => {
  await page.getByRole('combobox', { name: 'Search' }).waitFor();
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
    window.dispatchEvent(new DragEvent('dragenter', { dataTransfer, cancelable: true }));
  });
  const veil = page.locator('.drop-zone');
  await expect(veil).toBeVisible();
  await veil.evaluate((element) => Promise.all(element.getAnimations().map(({ finished }) => finished)));
  // Without the scrollbar's place, which no page can paint.
  const { width, height } = await page.evaluate(() => ({
    width: document.documentElement.getBoundingClientRect().width,
    height: innerHeight,
  }));
  expect(await veil.boundingBox()).toEqual({ x: 0, y: 0, width, height });
});

test('a short page does not scroll, and the button of a form is as wide as its fields', async ({
  signedIn: page,
  browser,
  server,
}) => {
  const scrolls = (shown: Page) =>
    shown.evaluate(() => document.documentElement.scrollHeight > document.documentElement.clientHeight);
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  expect(await scrolls(page)).toBe(false);

  const invite = await page.request.post('/api/invites', {
    headers: { origin: server.url },
    data: { note: '' },
  });
  const { code } = createdInvite.parse(await invite.json());
  const visitor = await browser.newPage({ baseURL: server.url, locale: 'en-GB' });
  await visitor.goto('/join/nothing');
  await expect(visitor.getByRole('heading', { name: 'This invitation does not work' })).toBeVisible();
  expect(await scrolls(visitor)).toBe(false);
  await visitor.goto(`/join/${code}`);
  const button = await visitor.getByRole('button', { name: 'Join' }).boundingBox();
  const field = await visitor.getByLabel('Username').boundingBox();
  expect(button?.width).toBe(field?.width);
  await visitor.close();
});

test('the page tells the whole version and hides tables of zeros', async ({ signedIn: page }) => {
  const menu = new AccountMenu(page);
  await menu.open();
  await expect(menu.menu.getByText(/^Version /)).toHaveText('Version development');
  await page.goto('/admin/jobs');
  await expect(page.getByText('No background jobs at the moment.')).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
  await page.goto('/admin/storage');
  await expect(page.getByText('Items, trash included')).toBeVisible();
  for (const table of await page.getByRole('table').all()) await expect(table).toContainText(/[1-9]/);
});

test.describe('without the service worker', () => {
  // Its cache of files would answer for the one that is gone.
  test.use({ serviceWorkers: 'block' });

  test('an item opened by its address has no ring on a button, and says what is missing', async ({
    signedIn: page,
  }) => {
    const { name, buffer } = await pngFile('gone.png', 3);
    const item = await addFile(page, name, buffer);
    await page.goto(`/m/${item.id}`);
    await expect(page.getByRole('dialog')).toBeFocused();

    await page.route('**/api/files/**', (route) => route.fulfill({ status: 404, body: '' }));
    await page.reload();
    await expect(page.getByText('The file is missing from the storage.')).toBeVisible();
    await page.unroute('**/api/files/**');
    await page.route('**/api/files/**', (route) => route.abort('internetdisconnected'));
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText('No connection. Check the network and try again.')).toBeVisible();
  });
});

test('suggestions cover neither the filters nor the results', async ({ signedIn: page, server }) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['koira', 'kokki', 'koulu'], 'koirat');
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(3);
  await grid.search().click();
  await page.keyboard.type('ko');
  const list = page.getByRole('listbox');
  await expect(list.getByRole('option').first()).toBeVisible();
  await expect(grid.status()).toContainText('3 results');
  const place = async () => (await list.boundingBox()) ?? { y: 0, height: 0 };
  const bottom = async () => (await place()).y + (await place()).height;
  await expect.poll(async () => ((await grid.link(0).boundingBox())?.y ?? 0) >= (await bottom())).toBe(true);
  const row = await grid.filters().boundingBox();
  expect((row?.y ?? 0) + (row?.height ?? 0)).toBeLessThanOrEqual((await place()).y);
});
