import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';

test.use({ serverEnv: { OCR: 'off' } });

test('a deletion in the viewer shows the next picture, with undo; the key deletes in the grid too', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  const { keyboard } = page;
  await grid.add(server.url, ['oldest', 'middle', 'newest']);
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(3);

  await grid.link(1).click();
  await expect(page.getByRole('dialog', { name: /^middle/ })).toBeVisible();
  await new ViewerPage(page).delete();
  await expect(page.getByRole('dialog', { name: /^oldest/ })).toBeVisible();
  // The button does not keep the focus: a second press would delete the next picture.
  await keyboard.press('Enter');
  await expect(grid.tiles()).toHaveCount(2);
  await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
  await expect(grid.tiles()).toHaveCount(3);
  await expect(page.getByRole('dialog', { name: /^oldest/ })).toBeVisible();

  // The last one of the list: the one before it is shown. The only one: the viewer closes.
  await keyboard.press('Delete');
  await expect(page.getByRole('dialog', { name: /^middle/ })).toBeVisible();
  await keyboard.press('Delete');
  await expect(page.getByRole('dialog', { name: /^newest/ })).toBeVisible();
  await keyboard.press('Delete');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'This folder is empty' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(grid.tiles()).toHaveCount(1);

  // In the grid, the key deletes the focused picture.
  await grid.add(server.url, ['another']);
  await page.reload();
  await expect(grid.tiles()).toHaveCount(2);
  await grid.link(0).focus();
  await keyboard.press('Delete');
  await expect(grid.tiles()).toHaveCount(1);
  await expect(grid.link(0)).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(grid.tiles()).toHaveCount(2);
});
