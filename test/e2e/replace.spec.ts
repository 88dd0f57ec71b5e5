import { openContext } from '../../app/cli/context.ts';
import { parseConfig } from '../../app/config.ts';
import { picture } from '../support/media/pictures.ts';
import { failReading } from '../support/stages.ts';
import { expect, test } from './fixtures.ts';
import { databaseOf } from './server.ts';
import { addFile, getItem } from './items.ts';
import { ViewerPage } from './pages/viewer.page.ts';

const fileOf = async (name: string, blob: Blob) => ({
  name,
  mimeType: blob.type,
  buffer: Buffer.from(await blob.arrayBuffer()),
});

test('a file is replaced by another, with what is not taken said in words', async ({ signedIn: page }) => {
  const item = await addFile(page, 'vanha.png', await picture());
  const other = await picture();
  const taken = await addFile(page, 'toinen.png', other);
  const viewer = new ViewerPage(page);
  await viewer.open(item.id);
  const choose = async (name: string, blob: Blob) => {
    await viewer.button('More').click();
    const choosing = page.waitForEvent('filechooser');
    await viewer.button('Replace the file…').click();
    await (await choosing).setFiles(await fileOf(name, blob));
  };

  await choose('uusi.webp', await picture('webp', { width: 640, height: 480 }));
  await expect(page.getByText('File replaced')).toBeVisible();
  await expect(viewer.picture).toHaveJSProperty('naturalWidth', 640);
  await expect(viewer.dialog.getByText('640 × 480')).toBeVisible();
  expect(await getItem(page, item.id)).toMatchObject({ mime: 'image/webp', width: 640 });

  await choose('teksti.png', new Blob(['not a picture at all'], { type: 'image/png' }));
  await expect(viewer.dialog.getByText(/This file type isn't supported/)).toBeVisible();
  // The message about the replaced file has a button of that name, too.
  await viewer.dialog.getByText('Dismiss', { exact: true }).click();

  await choose('sama.png', other);
  await expect(viewer.dialog.getByText('This file is already in the folder.')).toBeVisible();
  await viewer.button('Show it').click();
  await expect(viewer.title).toHaveText('toinen');
  expect(viewer.shownId()).toBe(taken.id);
});

test('what failed says why and is tried again', async ({ signedIn: page, dataDir }) => {
  const item = await addFile(page, 'vaikea.png', await picture());
  await expect.poll(async () => (await getItem(page, item.id)).state).toBe('ready');
  await using context = await openContext(
    parseConfig({ NODE_ENV: 'test', DATA_DIR: dataDir, DATABASE_URL: await databaseOf(dataDir) }),
  );
  await failReading(context.db, item.id, 'text');
  const viewer = new ViewerPage(page);
  await viewer.open(item.id);
  await expect(viewer.words).toContainText('The text could not be recognised.');
  await expect(viewer.words).toContainText('Text recognition failed.');
  await viewer.words.getByRole('button', { name: 'Try again' }).click();
  await expect(viewer.words).toContainText('No text was found in this picture.');
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
  const viewer = new ViewerPage(friend);
  await viewer.open(item.id);
  await viewer.button('More').click();
  await expect(viewer.button('Reprocess')).toBeVisible();
  await expect(viewer.button('Replace the file…')).toHaveCount(0);
  await expect(viewer.button('Delete')).toHaveCount(0);
  await friend.keyboard.press('Escape');
  await expect(viewer.button('Reprocess')).toBeHidden();
  await viewer.button('Edit the title').click();
  await friend.getByLabel('Title', { exact: true }).fill('Louhen nimeämä');
  await friend.keyboard.press('Enter');
  await expect(viewer.title).toHaveText('Louhen nimeämä');
  await context.close();
});
