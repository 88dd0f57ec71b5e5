import { picture } from '../support/pictures.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { addFile } from './items.ts';
import { FolderPage } from './pages/folder.page.ts';
import { OverlayPage } from './pages/overlay.page.ts';

test.describe.configure({ timeout: 180_000 });
test.use({ serverEnv: { OCR: 'off' } });

test('a picture has an address: signed out one signs in and is there, and closing leads to the folder', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'kissa.png', await picture());
  const overlay = new OverlayPage(page);
  await page.context().clearCookies();
  await page.goto(`/m/${item.id}`);
  await page.getByLabel('Username').fill('Aino');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(overlay.title).toHaveText('kissa');
  expect(overlay.shownId()).toBe(item.id);
  await expect(page).toHaveTitle('kissa · meemikansio');
  await overlay.close();
  await expect(page).toHaveURL('/');
  await expect(new FolderPage(page).pictures).toHaveCount(1);
});

test('two tabs agree on what is edited, deleted and restored', async ({ signedIn: page, context }) => {
  const item = await addFile(page, 'yhteinen.png', await picture());
  const other = await context.newPage();
  await other.goto(`/m/${item.id}`);
  const [here, there] = [new OverlayPage(page), new OverlayPage(other)];
  await expect(there.title).toHaveText('yhteinen');

  await here.open(item.id);
  await here.button('Edit the title').click();
  await page.getByLabel('Title', { exact: true }).fill('Uusi nimi');
  await page.keyboard.press('Enter');
  await expect(there.title).toHaveText('Uusi nimi');

  await here.button('Delete').click();
  await expect(there.dialog.getByText('This is in the trash')).toBeVisible();
  await expect(new FolderPage(other).pictures).toHaveCount(0);
  await there.button('Put it back').click();
  await expect(there.dialog.getByText('This is in the trash')).toHaveCount(0);
  await expect(new FolderPage(page).pictures).toHaveCount(1);
});
