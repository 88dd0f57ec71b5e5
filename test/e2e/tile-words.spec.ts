import { strip } from '../support/media/strips.ts';
import { expect, test } from './fixtures.ts';
import { addFile } from './items.ts';
import { HomePage } from './pages/home.page.ts';

test('an open folder shows the words of a strip once they have been read', async ({ signedIn: page }) => {
  await new HomePage(page).open();
  const item = await addFile(page, 'strip.png', await strip(2400));
  const thumb = page.locator(`[data-id="${item.id}"] .tile-picture img`);
  await expect(thumb).toHaveJSProperty('complete', true);
  await expect.poll(() => thumb.getAttribute('src')).not.toBe(item.thumbUrl);
  await expect(thumb).toHaveJSProperty('naturalHeight', 1000);
  await expect(page).toHaveURL('/');
});
