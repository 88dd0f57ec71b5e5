import type { Page } from 'playwright/test';
import { expect, PASSWORD, test, TRY_AGAIN_MS } from './fixtures.ts';
import { HomePage } from './pages/home.page.ts';
import { drawPicture } from './pictures.ts';

/** Presses Tab until the named element has the focus, as a user without a mouse does. */
async function tabTo(page: Page, name: string | RegExp, most = 40): Promise<void> {
  const matches = (text: string) => (typeof name === 'string' ? text === name : name.test(text));
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement)) return '';
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
      return (element.getAttribute('aria-label') ?? label ?? element.textContent ?? '').trim();
    });
    if (matches(focused)) {
      // The focus is visible: WCAG 2.4.7.
      const outline = await page.evaluate(() =>
        document.activeElement ? getComputedStyle(document.activeElement).outlineStyle : 'none',
      );
      expect(outline, `focus on ${String(name)} is seen`).not.toBe('none');
      return;
    }
  }
  throw new Error(`Tab does not come to ${String(name)}.`);
}

test(
  'the whole story by keyboard only: first account, a picture put in, found, looked at, deleted, brought back',
  { tag: '@smoke' },
  async ({ page, server }) => {
    const { keyboard } = page;
    const folder = new HomePage(page);
    await page.goto(server.url);
    await expect(page.getByRole('textbox', { name: 'Username' })).toBeFocused();
    await keyboard.type('Aino');
    await keyboard.press('Tab');
    await keyboard.type(PASSWORD);
    await keyboard.press('Enter');
    await expect(folder.search).toBeVisible();

    // Upload: the button opens the system's dialog.
    const chooser = page.waitForEvent('filechooser');
    await tabTo(page, 'Add files');
    await keyboard.press('Enter');
    const picture = await drawPicture(page, ['Hyvää huomenta', 'coffee first']);
    await page.bringToFront();
    await (await chooser).setFiles({ name: 'aamu.png', mimeType: 'image/png', buffer: picture });
    await expect(folder.pictures).toHaveCount(1);

    // Search.
    await page
      .locator('h1')
      .evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await keyboard.press('/');
    await expect(folder.search).toBeFocused();
    await expect(async () => {
      await folder.search.fill('');
      await keyboard.type('huomen');
      await keyboard.press('Enter');
      // Do not wait for the pictures: the previous list stays until the answer comes.
      await expect(page.getByText('1 result')).toBeVisible({ timeout: TRY_AGAIN_MS });
    }).toPass();

    // Open the viewer: the focus enters it, stays in it, and returns to the tile. The list may
    // still get an update for the last letters. It then redraws the focused tile.
    await expect(async () => {
      await folder.tiles.first().getByRole('link').focus();
      await keyboard.press('Enter');
      await expect(folder.dialog).toBeVisible({ timeout: TRY_AGAIN_MS });
    }).toPass();
    for (let presses = 0; presses < 30; presses++) {
      await keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(true);
    }
    await keyboard.press('Escape');
    await expect(folder.dialog).toHaveCount(0);
    await expect(folder.tiles.first().getByRole('link')).toBeFocused();

    // Delete, then undo.
    await keyboard.press('Enter');
    await expect(folder.dialog).toBeVisible();
    await tabTo(page, 'More');
    await keyboard.press('Enter');
    await tabTo(page, 'Delete');
    await keyboard.press('Enter');
    await expect(folder.pictures).toHaveCount(0);
    await tabTo(page, 'Undo');
    await keyboard.press('Enter');
    await expect(folder.pictures).toHaveCount(1);
  },
);

test('? tells the keys on every page, and Escape brings the focus back', async ({ signedIn: page }) => {
  const folder = new HomePage(page);
  await folder.search.waitFor();
  for (const path of ['/', '/account', '/invites', '/admin']) {
    await page.goto(path);
    await page.getByRole('main').waitFor();
    await page.keyboard.press('Tab');
    const before = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(before);
  }
  // Not while the user types in a field.
  await page.goto('/');
  await folder.search.fill('what');
  await folder.search.press('?');
  await expect(folder.search).toHaveValue('what?');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});
