import { openWorkshop } from '../../app/cli/context.ts';
import { parseConfig } from '../../app/config.ts';
import { picture } from '../support/media/pictures.ts';
import { failReading } from '../support/stages.ts';
import { expect, test } from './fixtures.ts';
import { addFile, getItem } from './items.ts';
import { OverlayPage } from './pages/viewer.page.ts';

const fileOf = async (name: string, blob: Blob) => ({
  name,
  mimeType: blob.type,
  buffer: Buffer.from(await blob.arrayBuffer()),
});

test('a file is replaced by another, with what is not taken said in words', async ({ signedIn: page }) => {
  const item = await addFile(page, 'vanha.png', await picture());
  const other = await picture();
  const taken = await addFile(page, 'toinen.png', other);
  const overlay = new OverlayPage(page);
  await overlay.open(item.id);
  const choose = async (name: string, blob: Blob) => {
    await overlay.button('More').click();
    const choosing = page.waitForEvent('filechooser');
    await overlay.button('Replace the file…').click();
    await (await choosing).setFiles(await fileOf(name, blob));
  };

  await choose('uusi.webp', await picture('webp', { width: 640, height: 480 }));
  await expect(page.getByText('File replaced')).toBeVisible();
  await expect(overlay.picture).toHaveJSProperty('naturalWidth', 640);
  await expect(overlay.dialog.getByText('640 × 480')).toBeVisible();
  expect(await getItem(page, item.id)).toMatchObject({ mime: 'image/webp', width: 640 });

  await choose('teksti.png', new Blob(['not a picture at all'], { type: 'image/png' }));
  await expect(overlay.dialog.getByText(/This file type isn't supported/)).toBeVisible();
  await overlay.button('Dismiss').click();

  await choose('sama.png', other);
  await expect(overlay.dialog.getByText('This file is already in the folder.')).toBeVisible();
  await overlay.button('Show it').click();
  await expect(overlay.title).toHaveText('toinen');
  expect(overlay.shownId()).toBe(taken.id);
});

test('what failed says why and is tried again', async ({ signedIn: page, dataDir }) => {
  const item = await addFile(page, 'vaikea.png', await picture());
  await expect.poll(async () => (await getItem(page, item.id)).state).toBe('ready');
  await using workshop = await openWorkshop(parseConfig({ NODE_ENV: 'test', DATA_DIR: dataDir }));
  await failReading(workshop.db, item.id, 'The words in the picture could not be read.');
  const overlay = new OverlayPage(page);
  await overlay.open(item.id);
  await expect(overlay.words).toContainText('The text could not be recognised.');
  await expect(overlay.words).toContainText('Text recognition failed.');
  await overlay.words.getByRole('button', { name: 'Try again' }).click();
  await expect(overlay.words).toContainText('No text was found in this picture.');
  expect(await getItem(page, item.id)).toMatchObject({ state: 'ready', stages: [] });
});

test('only the owner or an admin may replace and delete; a friend may write', async ({
  signedIn: page,
  browser,
}) => {
  const item = await addFile(page, 'ainon.png', await picture());
  const origin = new URL(page.url()).origin;
  const { code } = await (await page.request.post('/api/invites', { headers: { origin }, data: {} })).json();
  const context = await browser.newContext({ baseURL: origin });
  const friend = await context.newPage();
  const joined = await friend.request.post('/api/auth/register', {
    headers: { origin },
    data: { username: 'Louhi', password: 'correct horse battery', invite: code },
  });
  expect(joined.status()).toBe(201);
  const overlay = new OverlayPage(friend);
  await overlay.open(item.id);
  await expect(overlay.button('Delete')).toHaveCount(0);
  await overlay.button('More').click();
  await expect(overlay.button('Reprocess')).toBeVisible();
  await expect(overlay.button('Replace the file…')).toHaveCount(0);
  await friend.keyboard.press('Escape');
  await expect(overlay.button('Reprocess')).toBeHidden();
  await overlay.button('Edit the title').click();
  await friend.getByLabel('Title', { exact: true }).fill('Louhen nimeämä');
  await friend.keyboard.press('Enter');
  await expect(overlay.title).toHaveText('Louhen nimeämä');
  await context.close();
});
