import { picture } from '../support/media/pictures.ts';
import { expect, test } from './fixtures.ts';
import { addFile, getItem, patchItem } from './items.ts';
import { HomePage } from './pages/home.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';

test.use({ serverEnv: { OCR: 'off' } });

test('two tabs agree on what is edited, deleted and restored', async ({ signedIn: page, context }) => {
  const item = await addFile(page, 'yhteinen.png', await picture());
  const other = await context.newPage();
  await other.goto(`/m/${item.id}`);
  const [here, there] = [new ViewerPage(page), new ViewerPage(other)];
  await expect(there.title).toHaveText('yhteinen');

  await here.open(item.id);
  await here.button('Edit the title').click();
  await page.getByLabel('Title', { exact: true }).fill('Uusi nimi');
  await page.keyboard.press('Enter');
  await expect(there.title).toHaveText('Uusi nimi');

  await here.delete();
  await expect(there.dialog.getByText('In the trash')).toBeVisible();
  await there.close();
  await expect(new HomePage(other).pictures).toHaveCount(0);
  await there.open(item.id);
  await there.button('Restore').click();
  await expect(there.dialog.getByText('In the trash')).toHaveCount(0);
  await expect(new HomePage(page).pictures).toHaveCount(1);
});

test('deleting offers Undo, and from the trash it can be put back by its address', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'roska.png', await picture());
  const folder = new HomePage(page);
  const viewer = new ViewerPage(page);
  await folder.open();
  await folder.view();
  await viewer.delete();
  await expect(folder.pictures).toHaveCount(0);
  await folder.messages.getByRole('button', { name: 'Undo' }).click();
  await expect(folder.pictures).toHaveCount(1);
  await expect.poll(async () => (await getItem(page, item.id)).deletedAt).toBeNull();

  await folder.view();
  await viewer.delete();
  await expect.poll(async () => (await getItem(page, item.id)).deletedAt).not.toBeNull();
  await viewer.open(item.id);
  await expect(viewer.dialog.getByText(/Permanently deleted on/)).toBeVisible();
  await viewer.button('Restore').click();
  await expect(viewer.button('Restore')).toHaveCount(0);
  await viewer.close();
  await expect(folder.pictures).toHaveCount(1);
});

test('without a connection what is loaded is shown on, and what fails says why', async ({
  signedIn: page,
  context,
}) => {
  const item = await addFile(page, 'ladattu.png', await picture());
  await patchItem(page, item.id, { text: 'sanat kuvassa' });
  const folder = new HomePage(page);
  const viewer = new ViewerPage(page);
  await folder.open();
  await folder.view();
  await expect(viewer.words).toContainText('sanat kuvassa');
  await context.setOffline(true);
  await expect(viewer.picture).toBeVisible();
  await viewer.button('Copy image').click();
  await expect(viewer.dialog.getByText(/No connection|did not allow/)).toBeVisible();
  await viewer.button('Edit the title').click();
  await page.getByLabel('Title', { exact: true }).fill('kirjoitettu verkotta');
  await page.keyboard.press('Enter');
  // The message shows at the field.
  const told = viewer.dialog.locator('form').getByText('No connection. Check the network and try again.');
  await expect(told).toBeVisible();
  await context.setOffline(false);
  await viewer.button('Save').click();
  await expect(viewer.title).toHaveText('kirjoitettu verkotta');
});
