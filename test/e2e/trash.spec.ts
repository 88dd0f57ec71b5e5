import { mediaList } from '../../app/media/media.schema.ts';
import { axeFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { getItem } from './items.ts';
import { joinAs } from './people.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';

test.use({ serverEnv: { OCR: 'off' } });

test('an item of the trash is deleted permanently, after a question that can be left', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  const viewer = new ViewerPage(page);
  const [id = ''] = await grid.add(server.url, ['bad', 'worse', 'kept']);
  const { url } = await getItem(page, id);
  await viewer.open(id);
  await viewer.delete();
  await viewer.open(id);
  await viewer.button('Delete permanently').click();
  const dialog = page.getByRole('dialog', { name: 'Delete 1 item permanently?' });
  await expect(dialog.getByText('This cannot be undone.')).toBeVisible();
  // No stray key confirms.
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  expect(await axeFindings(page, { within: 'dialog.confirm-dialog' })).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect((await page.request.get(`/api/media/${id}`)).status()).toBe(200);

  await viewer.button('Delete permanently').click();
  await dialog.getByRole('button', { name: 'Delete permanently' }).click();
  await expect(page.getByText('1 item deleted permanently')).toBeVisible();
  await expect(viewer.dialog).toHaveCount(0);
  expect((await page.request.get(`/api/media/${id}`)).status()).toBe(404);
  expect((await page.request.get(url)).status()).toBe(404);
});

test('a selection of the trash, and the whole trash, are deleted permanently; others’ only if asked', async ({
  signedIn: page,
  server,
  browser,
}) => {
  const grid = new GridPage(page);
  const trash = async (ids: readonly string[], by = page) => {
    const headers = { origin: server.url };
    expect((await by.request.post('/api/media/trash', { headers, data: { ids } })).status()).toBe(200);
  };
  await trash(await grid.add(server.url, ['one', 'two', 'three', 'four']));
  const louhi = await joinAs(browser, page, 'Louhi', server.url);
  await trash(await new GridPage(louhi).add(server.url, ['hers']), louhi);

  await page.goto('/?q=is%3Atrash');
  await expect(grid.tiles()).toHaveCount(5);
  // The trash shows its pictures, which have no public address.
  const pictures = grid.tiles().locator('img');
  await expect
    .poll(() =>
      pictures.evaluateAll((all) =>
        all.every((one) => one instanceof HTMLImageElement && one.naturalWidth > 0),
      ),
    )
    .toBe(true);
  await grid.link(1).focus();
  await page.keyboard.press('x');
  await grid.bar().getByRole('button', { name: 'Delete permanently' }).click();
  const one = page.getByRole('dialog', { name: 'Delete 1 item permanently?' });
  await one.getByRole('button', { name: 'Delete permanently' }).click();
  await expect(grid.tiles()).toHaveCount(4);

  const empty = async (all: boolean) => {
    await page.getByRole('main').getByRole('button', { name: 'Empty the trash' }).click();
    const dialog = page.getByRole('dialog', { name: 'Empty the trash?' });
    if (all) await dialog.getByLabel('Also the deleted items of other people').check();
    await dialog.getByRole('button', { name: 'Empty the trash' }).click();
    await expect(dialog).toHaveCount(0);
  };
  await empty(false);
  await expect(page.getByText('3 items deleted permanently')).toBeVisible();
  await expect(grid.tiles()).toHaveCount(1);
  await empty(true);
  await expect(page.getByText('The trash is empty')).toBeVisible();
  const left = mediaList.parse(await (await louhi.request.get('/api/media?trash=true')).json());
  expect(left.items).toEqual([]);
  await louhi.context().close();
});

test('a file gets a new address from the viewer, and the old one is gone', async ({
  signedIn: page,
  server,
}) => {
  const [id = ''] = await new GridPage(page).add(server.url, ['regretted']);
  const viewer = new ViewerPage(page);
  const before = await getItem(page, id);
  await viewer.open(id);
  await viewer.button('More').click();
  await viewer.button('New file address…').click();
  const dialog = page.getByRole('dialog', { name: 'Give the file a new address?' });
  await expect(dialog.getByText('Copies that people have saved stay')).toBeVisible();
  await dialog.getByRole('button', { name: 'Give a new address' }).click();
  await expect(viewer.dialog.getByText('The file has a new address.')).toBeVisible();
  const after = await getItem(page, id);
  expect(after.url).not.toBe(before.url);
  expect((await page.request.get(before.url)).status()).toBe(404);
  expect((await page.request.get(after.url)).status()).toBe(200);
  // The picture is shown from the new address.
  await expect(viewer.picture).toHaveAttribute('src', after.url);
});

test('an undone deletion leaves everything as it was', async ({ signedIn: page, server }) => {
  const grid = new GridPage(page);
  const [id = ''] = await grid.add(server.url, ['kept']);
  const before = await getItem(page, id);
  const viewer = new ViewerPage(page);
  await viewer.open(id);
  await viewer.delete();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(grid.tiles()).toHaveCount(1);
  expect((await getItem(page, id)).url).toBe(before.url);
  expect((await page.request.get(before.url)).status()).toBe(200);
});
