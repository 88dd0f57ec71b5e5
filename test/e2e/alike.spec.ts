import sharp from 'sharp';
import { saveAgain } from '../support/media/saved-again.ts';
import { randomOf } from '../support/media/seeded.ts';
import { makeTemplate, writeMeme } from '../support/media/templates.ts';
import { axeFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { addFile, getItem, patchItem } from './items.ts';
import { TrayPage } from './pages/tray.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';

test.use({ serverEnv: { OCR: 'off' } });

test('the viewer shows the same meme, and its template with other words', async ({ signedIn: page }) => {
  const template = await makeTemplate(2);
  const monday = await writeMeme(template, 'KUN MAANANTAI', 'ALKAA TAAS');
  const mirrored = await saveAgain(monday, 'mirrored', randomOf(1));
  const friday = await writeMeme(template, 'KUN PERJANTAI', 'ON TÄÄLLÄ');
  const words = 'KUN MAANANTAI ALKAA TAAS';
  const shown = await addFile(page, 'maanantai.png', monday);
  for (const [name, picture, text] of [
    ['peili.png', mirrored, words],
    ['perjantai.png', friday, 'KUN PERJANTAI ON TÄÄLLÄ'],
  ] as const) {
    const item = await addFile(page, name, picture);
    await patchItem(page, item.id, { text });
  }
  await patchItem(page, shown.id, { text: words });

  await expect.poll(async () => (await getItem(page, shown.id)).state).toBe('ready');

  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes(`${shown.id}/alike`)) asked.push(request.url());
  });
  const viewer = new ViewerPage(page);
  await viewer.open(shown.id);
  const row = (name: string) => viewer.dialog.getByRole('region', { name });
  await expect(row('Looks like 1').getByRole('link')).toHaveAccessibleName('peili, Mirrored');
  expect(await axeFindings(page)).toEqual([]);
  await expect(row('Same template 1')).toBeVisible();
  expect(asked).toHaveLength(1);
  await row('Same template 1').getByRole('link', { name: 'perjantai' }).press('Enter');
  await expect(viewer.title).toHaveText('perjantai');
  await expect(row('Same template 2')).toBeVisible();
});

test('an upload that looks like an item says so, and asks once its words are read', async ({
  signedIn: page,
}) => {
  const words = 'KUN MAANANTAI ALKAA TAAS';
  const picture = await writeMeme(await makeTemplate(6), 'KUN MAANANTAI', 'ALKAA TAAS');
  const first = await addFile(page, 'maanantai.png', picture);
  await patchItem(page, first.id, { text: words });
  await page.reload();

  const tray = new TrayPage(page);
  const sendFile = async (name: string, format: string, buffer: Buffer) => {
    const answered = page.waitForResponse(/alike\?/);
    await tray.pick([{ name, mimeType: `image/${format}`, buffer }]);
    await expect(tray.row(name)).toContainText('Looks like something that is here');
    await answered;
    const { items } = await (await page.request.get('/api/media?limit=1')).json();
    return getItem(page, items[0].id);
  };
  const send = async (way: 'jpeg' | 'webp' | 'resized') =>
    sendFile(`kopio-${way}`, way === 'webp' ? 'webp' : 'jpeg', await saveAgain(picture, way, randomOf(3)));
  const copy = await send('jpeg');
  // Without its words, it could be another meme of the template.
  await expect(tray.button('Compare')).toHaveCount(0);
  await patchItem(page, copy.id, { text: words });
  await expect(tray.region).toContainText('1 meme is here already');

  await tray.button('Compare').press('Enter');
  const dialog = page.getByRole('dialog', { name: 'This meme is here already' });
  const keep = dialog.getByRole('button', { name: 'Keep both' });
  await expect(keep).toBeFocused();
  // The copy is the worse file.
  const replace = dialog.getByRole('button', { name: 'Replace the old one' });
  await expect(replace).toHaveCount(0);
  await expect(dialog.getByRole('figure').first()).toContainText(/Here already.*maanantai.*PNG · \d+ × \d+/);
  await expect(dialog.getByRole('figure').last()).toContainText(/New.*kopio.*JPEG · \d+ × \d+/);
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await tray.button('Compare').press('Enter');
  await dialog.getByRole('button', { name: 'Take the new one back' }).press('Enter');
  await expect(dialog).toBeHidden();
  await expect.poll(async () => (await getItem(page, copy.id)).deletedAt).not.toBeNull();
  await expect(tray.button('Restore kopio-jpeg from the trash')).toBeVisible();
  expect((await getItem(page, first.id)).deletedAt).toBeNull();

  // Several are one line, and one answer keeps them all.
  const others = [await send('webp'), await send('resized')];
  for (const { id } of others) await patchItem(page, id, { text: words });
  await expect(tray.region).toContainText('2 memes are here already');
  await tray.button('Compare').click();
  await dialog.getByRole('button', { name: 'Keep all 2' }).click();
  await expect(dialog).toBeHidden();
  await expect(tray.button('Compare')).toHaveCount(0);
  for (const { id } of others) expect((await getItem(page, id)).deletedAt).toBeNull();

  // A better file takes the place of the newest one, with all that it has.
  const [, old = copy] = others;
  await patchItem(page, old.id, { title: 'vanha' });
  const { width } = await sharp(picture).metadata();
  const large = await sharp(picture)
    .resize({ width: 2 * width })
    .png()
    .toBuffer();
  const better = await sendFile('parempi', 'png', large);
  await patchItem(page, better.id, { text: words });
  await tray.button('Compare').press('Enter');
  await expect(keep).toBeFocused();
  await replace.press('Enter');
  await expect(dialog).toBeHidden();
  // Under the pointer it stays.
  const toast = page.locator('.toast', { hasText: '“vanha” replaced' });
  await toast.hover();
  await expect.poll(async () => (await getItem(page, old.id)).deletedAt).not.toBeNull();
  expect((await getItem(page, better.id)).title).toBe('vanha');
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await getItem(page, old.id)).deletedAt).toBeNull();
  expect((await getItem(page, better.id)).title).toBe('');
});

test('a search for what looks like an item has a chip', async ({ signedIn: page }) => {
  const template = await makeTemplate(4);
  const one = await addFile(page, 'yksi.png', await writeMeme(template, 'YKSI', 'SANA'));
  await addFile(page, 'kaksi.png', await writeMeme(template, 'KAKSI', 'MUUTA SANAA'));
  await addFile(page, 'muu.png', await writeMeme(await makeTemplate(7), 'YKSI', 'SANA'));
  await page.goto(`/?like=${one.id}`);
  await expect(page.locator('.tile')).toHaveCount(2);
  await page.getByRole('link', { name: /Same picture/ }).click();
  await expect(page.locator('.tile')).toHaveCount(3);
});
