import { mediaList } from '../../app/media/media.schema.ts';
import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';

test.use({ serverEnv: { OCR: 'off' } });

test('arrows and Enter choose a tag in the dialog and the viewer, and a removed tag comes back', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  const { keyboard } = page;
  await grid.add(server.url, ['old one', 'old two'], 'klassikko');
  await grid.add(server.url, ['one']);
  // Nobody uses this tag any more.
  const [unused = ''] = await grid.add(server.url, ['other'], 'klapi');
  await page.request.put(`${server.url}/api/media/${unused}/tags`, {
    headers: { origin: server.url },
    data: { tags: [] },
  });
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(4);

  // The dialog for many.
  await grid.link(0).focus();
  await keyboard.press('x');
  await expect(grid.bar()).toBeVisible();
  await keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: /^Tags of/ });
  const field = dialog.getByRole('combobox', { name: 'Add tags' });
  await expect(field).toBeFocused();
  // The most used tags are suggested at once, and do not hold up Escape.
  await expect(dialog.getByRole('option', { name: /klassikko/ })).toBeVisible();
  await keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await grid.link(0).focus();
  await keyboard.press('t');
  await expect(field).toBeFocused();
  await keyboard.type('kla');
  await expect(dialog.getByRole('option')).toHaveText([/#klassikko/]);
  await keyboard.press('ArrowDown');
  await expect(dialog.getByRole('option')).toHaveAttribute('aria-selected', 'true');
  await expect(field).toHaveAttribute(
    'aria-activedescendant',
    (await dialog.getByRole('option').getAttribute('id')) ?? 'none',
  );
  await keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'Remove klassikko' })).toBeVisible();
  await expect(field).toHaveValue('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  // The change has an undo, too.
  const tags = async () => {
    const { items } = mediaList.parse(await (await page.request.get('/api/media?q=klassikko')).json());
    return items.length;
  };
  await expect.poll(tags).toBe(3);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(tags).toBe(2);
  await grid.link(0).focus();
  await keyboard.press('t');
  await expect(field).toBeFocused();
  await keyboard.type('klassikko,');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toHaveCount(0);
  await keyboard.press('Escape');

  // The viewer, with undo of a removed tag.
  await grid.link(0).click();
  const viewer = page.getByRole('dialog', { name: /other/ });
  await expect(viewer.getByRole('link', { name: 'klassikko', exact: true })).toBeVisible();
  await viewer.getByRole('button', { name: 'Remove the tag klassikko' }).click();
  await expect(viewer.getByRole('link', { name: 'klassikko', exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(viewer.getByRole('link', { name: 'klassikko', exact: true })).toBeVisible();
  await viewer.getByRole('button', { name: 'Remove the tag klassikko' }).click();
  await expect(viewer.getByRole('link', { name: 'klassikko', exact: true })).toHaveCount(0);
  const tag = viewer.getByRole('combobox', { name: 'Add a tag' });
  await tag.click();
  await keyboard.type('kla');
  await expect(viewer.getByRole('option', { name: /klassikko/ })).toBeVisible();
  await keyboard.press('Escape');
  await expect(viewer.getByRole('option')).toHaveCount(0);
  await expect(viewer).toBeVisible();
  await keyboard.press('ArrowDown');
  await expect(viewer.getByRole('option', { name: /klassikko/ })).toHaveAttribute('aria-selected', 'true');
  await keyboard.press('Enter');
  await expect(viewer.getByRole('link', { name: 'klassikko', exact: true })).toBeVisible();
  // Two tags in a row: the second does not wait for the first, and neither is lost.
  await tag.fill('yksi');
  await keyboard.press('Enter');
  await tag.fill('kaksi');
  await keyboard.press('Enter');
  await expect(viewer.getByRole('link', { name: 'yksi', exact: true })).toBeVisible();
  await expect(viewer.getByRole('link', { name: 'kaksi', exact: true })).toBeVisible();
});
