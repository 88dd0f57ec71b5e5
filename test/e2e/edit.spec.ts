import { endSessionAtChange } from './end-session.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { addFile, getItem } from './items.ts';
import { picture } from '../support/media/pictures.ts';
import { ViewerPage } from './pages/viewer.page.ts';

test('title, description and tags are changed in place, by whoever is in the folder', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'aamu.png', await picture());
  const other = await addFile(page, 'ilta.png', await picture());
  const viewer = new ViewerPage(page);
  await page.request.put(`/api/media/${other.id}/tags`, {
    headers: { origin: new URL(page.url()).origin },
    data: { tags: ['kissa', 'kahvi'] },
  });
  await viewer.open(item.id);

  // The name of the file is the first title.
  await viewer.button('Edit the title').click();
  await expect(page.getByLabel('Title', { exact: true })).toBeFocused();
  await expect(page.getByLabel('Title', { exact: true })).toHaveValue('aamu');
  await page.getByLabel('Title', { exact: true }).fill('Aamukahvi');
  await page.keyboard.press('Escape');
  await expect(viewer.title).toHaveText('aamu');
  await expect(viewer.button('Edit the title')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByLabel('Title', { exact: true }).fill('Aamukahvi');
  await page.keyboard.press('Enter');
  await expect(viewer.title).toHaveText('Aamukahvi');

  await viewer.button('Add a description').click();
  await page.getByLabel('Description', { exact: true }).fill('Kupillinen\nja toinen');
  await page.keyboard.press('Control+Enter');
  await expect(viewer.button('Edit the description')).toBeFocused();
  await expect(viewer.dialog.getByText('Kupillinen ja toinen')).toBeVisible();

  const tag = viewer.tags.getByRole('combobox', { name: 'Add a tag' });
  await tag.fill('kissa');
  await tag.press('Enter');
  await expect(viewer.tags.getByRole('link', { name: 'kissa' })).toBeVisible();
  // The app proposes tags that go with it on other items.
  await viewer.tags.getByRole('button', { name: '+ kahvi' }).click();
  await expect(viewer.tags.getByRole('link', { name: 'kahvi' })).toBeVisible();
  expect(await getItem(page, item.id)).toMatchObject({
    title: 'Aamukahvi',
    description: 'Kupillinen\nja toinen',
    tags: ['kahvi', 'kissa'],
  });
  await viewer.tags.getByRole('button', { name: 'Remove the tag kissa' }).click();
  await expect(viewer.tags.getByRole('link', { name: 'kissa' })).toHaveCount(0);

  // A tag leads to its pictures.
  await viewer.tags.getByRole('link', { name: 'kahvi' }).click();
  await expect(page).toHaveURL(/tag=kahvi/);
  await expect(viewer.dialog).toHaveCount(0);
});

test.describe('what is typed', () => {
  test.use({ serverEnv: { OCR: 'off' } });

  test('survives a session that ends, and is saved after signing in', async ({ signedIn: page }) => {
    const item = await addFile(page, 'kesken.png', await picture());
    const viewer = new ViewerPage(page);
    await viewer.open(item.id);
    await viewer.button('Add a description').click();
    await page.getByLabel('Description', { exact: true }).fill('pitkä kertomus');
    await endSessionAtChange(page);
    await viewer.button('Save').click();
    const again = page.getByRole('dialog', { name: 'Sign in to continue' });
    await expect(again).toBeVisible();
    await again.getByLabel('Username').fill('Aino');
    await again.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await again.getByRole('button', { name: 'Sign in' }).click();
    await expect(again).toHaveCount(0);
    await expect(viewer.dialog.getByText('pitkä kertomus')).toBeVisible();
    expect((await getItem(page, item.id)).description).toBe('pitkä kertomus');
  });
});
