import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { drawMeme } from '../support/memes.ts';
import { expect, test } from './fixtures.ts';

/** What axe finds on the page as it is now, by rule, with the places. WCAG 2.2 A and AA, and axe's own best practices. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any page, ${colorScheme}`, async ({ page, server, context }) => {
    test.setTimeout(240_000);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(server.url);
    await expect(page.getByRole('heading', { name: 'Create the first account' })).toBeVisible();
    expect(await findings(page), 'first account').toEqual([]);

    const headers = { origin: server.url };
    const account = { username: 'Aino', password: 'correct horse battery' };
    expect((await page.request.post('/api/auth/register', { headers, data: account })).status()).toBe(201);
    await page.goto('/');
    await expect(page.getByRole('combobox', { name: 'Search' })).toBeVisible();
    expect(await findings(page), 'empty folder').toEqual([]);

    for (const [seed, words] of ['ENSIN KAHVI', 'COFFEE FIRST'].entries()) {
      const file = {
        name: 'a.jpg',
        mimeType: 'image/jpeg',
        buffer: await drawMeme(context, words, '', seed),
      };
      expect((await page.request.post('/api/media', { headers, multipart: { file } })).status()).toBe(201);
    }
    await page.reload();
    const pictures = page.getByRole('main').getByRole('link').locator('img');
    await expect(pictures).toHaveCount(2);
    expect(await findings(page), 'folder').toEqual([]);

    await pictures.first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await findings(page), 'picture').toEqual([]);

    for (const path of ['/?q=nothing', '/account', '/invites', '/admin', '/nowhere']) {
      await page.goto(path);
      await expect(page.getByRole('main')).toBeVisible();
      await page.waitForLoadState('networkidle');
      expect(await findings(page), path).toEqual([]);
    }

    await page.request.post('/api/auth/logout', { headers });
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    expect(await findings(page), 'sign in').toEqual([]);
  });
}
