import { THUMB_WIDTH_PIXELS } from '../../app/media/thumbnail.limits.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './server.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { drawPicture, drop } from './pictures.ts';

test(
  'from an empty folder to a meme found again, and everything still there after a restart',
  { tag: '@smoke' },
  async ({ page, context, browser }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-story-'));
    let server = await startServer({ dataDir });
    const pictures = page.getByRole('main').getByRole('link').locator('img');
    const search = page.getByRole('combobox', { name: 'Search' });
    const dialog = page.getByRole('dialog');
    try {
      await page.goto(server.url);
      await expect(page.getByRole('heading', { name: 'Create the first account' })).toBeVisible();
      await page.getByLabel('Username').fill('Aino');
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: 'Create account' }).click();
      await expect(search).toBeVisible();

      // Drop a picture: its thumbnail appears at once, its text seconds later.
      await drop(page, 'aamu.png', await drawPicture(page, ['Hyvää huomenta', 'coffee first']));
      await expect(pictures).toHaveCount(1);
      await expect
        .poll(() => pictures.first().evaluate((img: HTMLImageElement) => img.naturalWidth))
        .toBe(THUMB_WIDTH_PIXELS);

      await pictures.first().click();
      const words = dialog.getByRole('region', { name: 'Text in the picture' });
      // OCR runs at low priority, gives up after 60 s and retries, so a busy machine takes long.
      await expect(words).toContainText('coffee first');
      await expect(words).toContainText('Hyvää huomenta');
      await dialog.getByRole('button', { name: 'Close' }).click();

      // Find it by the prefix of a word in it, and by no other word.
      await search.fill('nothinglikethis');
      await expect(pictures).toHaveCount(0);
      await search.fill('huomen');
      await expect(pictures).toHaveCount(1);

      // Full size, its link (which works without a session), a download.
      await pictures.first().click();
      const full = dialog.getByRole('img').first();
      await expect.poll(() => full.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(800);
      await dialog.getByRole('button', { name: 'Copy link' }).click();
      await expect(dialog.getByText('Link copied')).toBeVisible();
      const link = await page.evaluate(() => navigator.clipboard.readText());
      const stranger = await (await browser.newContext()).newPage();
      expect((await stranger.goto(link))?.status()).toBe(200);
      const shared = stranger.getByRole('figure').locator('img');
      await expect.poll(() => shared.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(800);
      await stranger.context().close();
      const download = page.waitForEvent('download');
      await dialog.getByRole('link', { name: 'Download' }).click();
      expect((await download).suggestedFilename()).toBe('aamu.png');

      // Delete, then undo.
      await dialog.getByRole('button', { name: 'More' }).click();
      await dialog.getByRole('button', { name: 'Delete' }).click();
      await expect(pictures).toHaveCount(0);
      await page.getByRole('button', { name: 'Undo' }).click();
      await expect(pictures).toHaveCount(1);

      // Restart: account, session, picture and text are the same.
      const { port } = new URL(server.url);
      expect(await server.stop()).toBe(0);
      server = await startServer({ dataDir, env: { PORT: port } });
      await page.goto(`${server.url}/?q=coffee`);
      await expect(pictures).toHaveCount(1);
    } finally {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
);
