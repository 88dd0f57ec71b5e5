import { expect, test } from './fixtures.ts';
import { addFile } from './items.ts';
import { HomePage } from './pages/home.page.ts';
import { plain } from './pictures.ts';

test.use({ serverEnv: { OCR: 'off' }, deviceScaleFactor: 2, viewport: { width: 1440, height: 900 } });

test('tiles are sharp at twice the pixels, and a strip is marked as one', async ({ signedIn: page }) => {
  const sizes = { strip: [1080, 12_000], phone: [1170, 2532], panorama: [12_000, 400], small: [100, 100] };
  for (const [name, [width = 0, height = 0]] of Object.entries(sizes))
    await addFile(page, `${name}.png`, await plain(width, height));
  await new HomePage(page).open();
  const tile = (name: string) =>
    page
      .getByRole('main')
      .getByRole('listitem')
      .filter({
        has: page.getByRole('link', { name }),
      });
  for (const [name, [width = 0, height = 0]] of Object.entries(sizes)) {
    const thumb = tile(name).locator('.tile-picture img');
    await expect(thumb).toHaveJSProperty('complete', true);
    const { shown, high, natural, naturalHigh } = await thumb.evaluate((img: HTMLImageElement) => ({
      shown: img.clientWidth,
      high: img.clientHeight,
      natural: img.naturalWidth,
      naturalHigh: img.naturalHeight,
    }));
    // Of a panorama, the part that a tile shows is as wide as 2.5 heights.
    const most = Math.min(width, height * 2.5);
    expect(natural, name).toBeGreaterThanOrEqual(Math.min(shown * 2, most));
    expect(Math.abs(high - (shown * naturalHigh) / natural), name).toBeLessThanOrEqual(1);
  }
  await expect(page.getByRole('link', { name: 'strip, Tall', exact: true })).toBeVisible();
  await expect(tile('strip').locator('.tile-kind[data-text=Tall]')).toBeVisible();
  await expect(tile('phone').locator('.tile-kind')).toHaveCount(0);
});

test('large tiles are sharp at twice the pixels too, and only they load the wider thumbnails', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'wide.png', await plain(2000, 1500));
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const thumb = page.locator(`[data-id="${item.id}"] .tile-picture img`);
  await new HomePage(page).open();
  await expect(thumb).toHaveJSProperty('naturalWidth', 600);
  expect(asked).not.toContain(item.largeUrl);

  await page.evaluate(() => localStorage.setItem('density', 'large'));
  await page.reload();
  await expect(thumb).toHaveJSProperty('naturalWidth', 960);
  const shown = await thumb.evaluate((img: HTMLImageElement) => img.clientWidth);
  expect(shown).toBeGreaterThan(300);
  expect(960).toBeGreaterThanOrEqual(shown * 2);
});
