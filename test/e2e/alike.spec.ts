import { AxeBuilder } from '@axe-core/playwright';
import { saveAgain } from '../support/media/saved-again.ts';
import { randomOf } from '../support/media/seeded.ts';
import { makeTemplate, writeMeme } from '../support/media/templates.ts';
import { expect, test } from './fixtures.ts';
import { addFile, patchItem } from './items.ts';
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

  const viewer = new ViewerPage(page);
  await viewer.open(shown.id);
  const row = (name: string) => viewer.dialog.getByRole('region', { name });
  await expect(row('Looks like 1').getByRole('link')).toHaveAccessibleName('peili, Mirrored');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await row('Same template 1').getByRole('link', { name: 'perjantai' }).press('Enter');
  await expect(viewer.title).toHaveText('perjantai');
  await expect(row('Same template 2')).toBeVisible();
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
