import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';
import { png } from './png.ts';

test.use({ serverEnv: { OCR: 'off' } });

/** Opens the folder, writes down the acts of the mascot, and waits until it is there. */
async function openFolder(page: Page): Promise<void> {
  await page.goto('about:blank');
  await page.addInitScript(() => {
    const acts = new Set<string>();
    Object.assign(window, { acts });
    const { animate } = Element.prototype;
    Element.prototype.animate = function (frames, options) {
      if (typeof options === 'object' && options.id?.startsWith('mascot-')) acts.add(options.id);
      return animate.call(this, frames, options);
    };
  });
  await page.clock.install();
  const mascot = page.waitForResponse(/\/assets\/mascot-/);
  await page.goto('/');
  await mascot;
}

const acts = (page: Page): Promise<unknown> => page.evaluate(() => [...Reflect.get(window, 'acts')].sort());

/** Drops a picture on the page. Tells whether the page took it. */
const drop = async (page: Page, picture: Buffer): Promise<boolean> =>
  page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], 'cat.png', { type: 'image/png' }));
    return !document.body.dispatchEvent(
      new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }),
    );
  }, picture.toString('base64'));

test('the mascot blinks, gulps what is dropped, and cheers once uploads are done', async ({
  signedIn: page,
}) => {
  await openFolder(page);
  await page.clock.fastForward(10_000);
  await expect.poll(() => acts(page)).toEqual(['mascot-blink']);
  expect(await drop(page, await png(1))).toBe(true);
  await expect.poll(() => acts(page)).toContain('mascot-gulp');
  await expect(new GridPage(page).tiles()).toHaveCount(1);
  await expect.poll(() => acts(page)).toEqual(['mascot-blink', 'mascot-cheer', 'mascot-gulp']);
  // Nothing of it stays, and nothing of it is told to people who do not see it.
  const logo = page.getByRole('banner').locator('.logo');
  await expect(logo.locator('ellipse')).toHaveCount(0);
  await expect(logo).toHaveAttribute('aria-hidden', 'true');
});

test('the mascot is still for people who want less motion', async ({ signedIn: page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openFolder(page);
  await page.clock.fastForward(10_000);
  expect(await drop(page, await png(1))).toBe(true);
  await expect(new GridPage(page).tiles()).toHaveCount(1);
  await expect(page.locator('html')).not.toHaveAttribute('data-sending');
  expect(await acts(page)).toEqual([]);
});
