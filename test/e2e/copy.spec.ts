import type { Page } from 'playwright/test';
import { animation, picture } from '../support/media/pictures.ts';
import { axeFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { addFile, clipboardPicture, patchItem } from './items.ts';
import { GridPage } from './pages/grid.page.ts';
import { HomePage } from './pages/home.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';

test.use({ serverEnv: { OCR: 'off' } });

const PNG = '89504e470d0a1a0a';
const clipboardText = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
const emptyClipboard = (page: Page) => page.evaluate(() => navigator.clipboard.writeText(''));

/** Adds an item with a title, which names its tile. */
async function add(page: Page, title: string, file: Blob | Buffer) {
  const item = await addFile(page, 'a.bin', file);
  await patchItem(page, item.id, { title });
  return item;
}

test.beforeEach(({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));

test(
  'a search is copied from the keyboard alone: Enter goes to the first hit, c copies it, Enter opens it',
  { tag: '@smoke' },
  async ({ signedIn: page }) => {
    await add(page, 'koira rannalla', await picture('png', { width: 321, height: 200 }));
    await add(page, 'kissa', await picture('png', { width: 100, height: 90 }));
    const [home, grid, viewer] = [new HomePage(page), new GridPage(page), new ViewerPage(page)];
    await home.open();
    await expect(grid.tiles()).toHaveCount(2);

    await page.keyboard.press('/');
    await page.keyboard.type('koira');
    await page.keyboard.press('Enter');
    await expect(grid.tiles()).toHaveCount(1);
    await expect(grid.link(0)).toBeFocused();
    await page.keyboard.press('c');
    await expect(home.messages).toContainText('Image copied');
    await expect(grid.tiles().first().locator('.tile-copied')).toBeVisible();
    expect(await clipboardPicture(page)).toMatchObject({ signature: PNG, width: 321, height: 200 });

    await emptyClipboard(page);
    await page.keyboard.press('Control+c');
    await expect
      .poll(() =>
        clipboardPicture(page).then(
          ({ width }) => width,
          () => null,
        ),
      )
      .toBe(321);
    await page.keyboard.press('Enter');
    await expect(viewer.dialog).toBeVisible();
  },
);

test('Enter waits for the results, also from an empty list, and leaves the focus to who took it', async ({
  signedIn: page,
}) => {
  await add(page, 'koira', await picture('png'));
  const grid = new GridPage(page);
  await page.goto('/?q=nothing');
  await expect(page.getByRole('heading', { name: /No results/ })).toBeVisible();
  await grid.search().fill('koira');
  await page.keyboard.press('Enter');
  await expect(grid.link(0)).toBeFocused();

  // The same search again.
  await page.keyboard.press('/');
  await page.keyboard.press('Enter');
  await expect(grid.link(0)).toBeFocused();

  // Slow results do not take the focus from a control that the user went to meanwhile.
  const held = Promise.withResolvers<undefined>();
  await page.route(/\/api\/media\?.*q=koi(&|$)/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await grid.search().fill('koi');
  await page.keyboard.press('Enter');
  const menu = page.getByRole('button', { name: 'Account' });
  await menu.focus();
  held.resolve(undefined);
  await expect(page.getByText('1 result')).toBeVisible();
  await expect(menu).toBeFocused();
});

test('a tile offers to copy by mouse and by Tab, and only the copied one has the mark', async ({
  signedIn: page,
}) => {
  await add(page, 'tanssi', await animation(3, 64));
  await add(page, 'kuva', await picture('png', { width: 80, height: 80 }));
  const [home, grid] = [new HomePage(page), new GridPage(page)];
  await home.open();
  await expect(grid.tiles()).toHaveCount(2);
  await expect(page.locator('.tile-actions')).toHaveCount(0);

  await grid.link(0).hover();
  await page.getByRole('button', { name: 'Copy the image kuva' }).click();
  await expect(home.messages).toContainText('Image copied');
  expect(await clipboardPicture(page)).toMatchObject({ signature: PNG, width: 80 });
  await expect(home.dialog).toHaveCount(0);

  // The clipboard cannot hold a GIF: its link is copied, and the message says so.
  await page.mouse.move(0, 0);
  await grid.link(0).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Tab');
  const copy = page.getByRole('button', { name: 'Copy the link to tanssi' });
  await expect(copy).toBeFocused();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Space');
  await expect(home.messages).toContainText('Link copied. The clipboard cannot hold a GIF that moves.');
  expect(await clipboardText(page)).toMatch(/\/s\/[\w-]{22}$/);
  await expect(grid.tiles().nth(1).locator('.tile-copied')).toBeVisible();
  await expect(page.locator('.tile-copied')).toHaveCount(1);
  await expect(grid.selected()).toHaveCount(0);
});

test('the viewer copies on c and on Ctrl+C, but leaves both to a selected text and to a field', async ({
  signedIn: page,
}) => {
  const item = await add(page, 'sanoja kuvassa', await picture('png', { width: 90, height: 60 }));
  await patchItem(page, item.id, { text: 'these words are selected' });
  const viewer = new ViewerPage(page);
  await viewer.open(item.id);
  for (const key of ['c', 'Control+c']) {
    await emptyClipboard(page);
    await page.keyboard.press(key);
    await expect(viewer.dialog.getByText('Image copied')).toBeVisible();
    await expect
      .poll(() =>
        clipboardPicture(page).then(
          ({ width }) => width,
          () => null,
        ),
      )
      .toBe(90);
    await expect(viewer.dialog.getByText('Image copied')).toHaveCount(0);
  }

  await viewer.words.getByText('these words are selected').selectText();
  await page.keyboard.press('Control+c');
  await expect.poll(() => clipboardText(page)).toBe('these words are selected');
  await page.evaluate(() => document.getSelection()?.removeAllRanges());

  await viewer.button('Edit the title').click();
  await page.keyboard.press('End');
  await page.keyboard.type('c');
  await expect(viewer.dialog.getByRole('textbox', { name: 'Title' })).toHaveValue('sanoja kuvassac');
  await expect(viewer.dialog.getByText('Image copied')).toHaveCount(0);
  await page.keyboard.press('Escape');

  await viewer.button('More').click();
  await viewer.button('Copy file address').click();
  await expect(viewer.dialog.getByText('File address copied')).toBeVisible();
  expect(await clipboardText(page)).toBe(new URL(item.url, page.url()).href);

  await viewer.button('More').click();
  await viewer.button('Copy as Markdown').click();
  await expect(viewer.dialog.getByText('Markdown copied')).toBeVisible();
  const markdown = await clipboardText(page);
  const [, preview = '', address = ''] = /^\[!\[sanoja kuvassa\]\((.+)\)\]\((.+)\)$/.exec(markdown) ?? [];
  expect([preview, (await page.request.get(address)).status()]).toEqual([`${address}/card.jpg`, 200]);
  await viewer.button('More').click();
  await viewer.button('Copy as HTML').click();
  await expect(viewer.dialog.getByText('HTML copied')).toBeVisible();
  expect(await clipboardText(page)).toBe(
    `<a href="${address}"><img src="${preview}" alt="sanoja kuvassa"></a>`,
  );
});

test('a browser that refuses, and one without a network, are told apart', async ({
  signedIn: page,
  context,
}) => {
  await add(page, 'kuva', await picture('png'));
  const [home, grid] = [new HomePage(page), new GridPage(page)];
  await home.open();
  await expect(grid.tiles()).toHaveCount(1);
  await page.evaluate(() => {
    Object.defineProperty(navigator.clipboard, 'write', {
      value: () => Promise.reject(new DOMException('no', 'NotAllowedError')),
      configurable: true,
    });
  });
  await grid.link(0).focus();
  await page.keyboard.press('c');
  await expect(home.messages).toContainText('The browser did not allow copying.');
  await expect(page.locator('.tile-copied')).toHaveCount(0);
  await page.evaluate(() => Reflect.deleteProperty(navigator.clipboard, 'write'));
  await context.setOffline(true);
  await page.keyboard.press('c');
  await expect(home.messages).toContainText('No connection');
});
