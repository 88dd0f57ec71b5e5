import type { Page } from 'playwright/test';
import { picture } from '../support/media/pictures.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { endSession, endSessionAtChange } from './end-session.ts';
import { addFile, getItem } from './items.ts';
import { HomePage } from './pages/home.page.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { SignInPage } from './pages/sign-in.page.ts';

test.use({ serverEnv: { OCR: 'off' } });

const signInAgain = (page: Page) => new SignInPage(page).enterAgain('Aino', PASSWORD);

test('a title, a description, a text and a tag being written outlive the session', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'kuva.png', await picture());
  const viewer = new ViewerPage(page);
  await viewer.open(item.id);
  const field = (name: string) => viewer.dialog.getByLabel(name, { exact: true });

  // The pending change is saved as soon as somebody has signed in again.
  await viewer.button('Edit the title').click();
  await field('Title').fill('Kesken jäänyt');
  await endSessionAtChange(page);
  await field('Title').press('Enter');
  await signInAgain(page);
  await expect(viewer.title).toHaveText('Kesken jäänyt');

  await viewer.button('Add a description').click();
  await field('Description').fill('Kaksi\nriviä');
  await endSessionAtChange(page);
  await field('Description').press('Control+Enter');
  await signInAgain(page);
  await expect(viewer.button('Edit the description')).toBeVisible();

  await viewer.button('Correct the text').click();
  await field('Corrected text in the picture').fill('NIIN ON');
  await endSessionAtChange(page);
  await viewer.button('Save').click();
  await signInAgain(page);
  await expect(viewer.words).toContainText('NIIN ON');

  const tag = viewer.tags.getByRole('combobox', { name: 'Add a tag' });
  await tag.fill('kesken');
  await endSessionAtChange(page);
  await tag.press('Enter');
  await signInAgain(page);
  await expect(tag).toHaveValue('kesken');
  await expect(tag).toBeFocused();
  await tag.press('Enter');
  await expect(viewer.tags.getByRole('link', { name: 'kesken' })).toBeVisible();
  expect(await getItem(page, item.id)).toMatchObject({
    title: 'Kesken jäänyt',
    description: 'Kaksi\nriviä',
    text: 'NIIN ON',
    tags: ['kesken'],
  });
});

test('a search being typed outlives the session, and what it finds follows', async ({ signedIn: page }) => {
  const folder = new HomePage(page);
  await new GridPage(page).add(new URL(page.url()).origin, ['koira', 'kissa']);
  await folder.open();
  await expect(folder.pictures).toHaveCount(2);
  await endSession(page);
  await folder.search.fill('koira');
  await signInAgain(page);
  await expect(folder.search).toHaveValue('koira');
  await expect(folder.pictures).toHaveCount(1);
  await expect(page).toHaveURL(/q=koira/);
});

test('tags for many being chosen, and the selection itself, outlive the session', async ({
  signedIn: page,
}) => {
  const grid = new GridPage(page);
  await grid.add(new URL(page.url()).origin, ['yksi', 'kaksi']);
  await page.goto('/');
  await grid.link(0).focus();
  await page.keyboard.press('x');
  await page.keyboard.press('Control+a');
  await expect(grid.selected()).toHaveCount(2);
  await grid.bar().getByRole('button', { name: 'Tag' }).click();
  const dialog = page.getByRole('dialog', { name: 'Tags of 2 items' });
  await dialog.getByLabel('Add tags').fill('monelle,');
  await dialog.getByLabel('Add tags').fill('puoli');
  await endSessionAtChange(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await signInAgain(page);
  await expect(dialog.getByText('monelle')).toBeVisible();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Tags of 2 items changed')).toBeVisible();
  await expect(grid.selected()).toHaveCount(2);

  await endSessionAtChange(page);
  await page.keyboard.press('Delete');
  await signInAgain(page);
  await expect(grid.tiles()).toHaveCount(2);
});

test('forms of pages beside the folder outlive the session: an invitation, a tag, a password', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'kuva.png', await picture());
  const put = await page.request.put(`/api/media/${item.id}/tags`, {
    headers: { origin: new URL(page.url()).origin },
    data: { tags: ['vanha'] },
  });
  expect(put.ok()).toBe(true);

  await page.goto('/invites');
  const note = page.getByRole('textbox').first();
  await note.fill('Serkulle');
  await endSessionAtChange(page);
  await page.getByRole('button', { name: 'Create invitation' }).click();
  await signInAgain(page);
  await expect(note).toHaveValue('Serkulle');
  await page.getByRole('button', { name: 'Create invitation' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Serkulle' })).toBeVisible();

  await page.goto('/admin/tags');
  await page.getByRole('button', { name: 'Rename vanha' }).click();
  await page.getByLabel('New name of vanha').fill('uusi');
  await endSessionAtChange(page);
  await page.getByLabel('New name of vanha').press('Enter');
  await signInAgain(page);
  await expect(page.getByLabel('New name of vanha')).toHaveValue('uusi');
  await page.getByLabel('New name of vanha').press('Enter');
  await expect(page.getByText('vanha is now uusi')).toBeVisible();

  await page.goto('/account');
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByLabel('New password').fill('uusi salasana kaikille');
  await endSessionAtChange(page);
  await page.getByLabel('New password').press('Enter');
  await signInAgain(page);
  await expect(page.getByLabel('New password')).toHaveValue('uusi salasana kaikille');
});
