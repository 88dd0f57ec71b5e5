import { ADMIN_TABS } from '../../client/admin/admin-tabs.model.ts';
import type { Page } from 'playwright/test';
import { drawMeme } from '../support/media/memes.ts';
import { picture } from '../support/media/pictures.ts';
import { requestsAtRest } from './animations.ts';
import { axeFindings, COLOUR_RULES } from './axe.ts';
import { expect, test, TRY_AGAIN_MS } from './fixtures.ts';
import { addFile } from './items.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { HomePage } from './pages/home.page.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { TrayPage } from './pages/tray.page.ts';
import { joinAs } from './people.ts';
import { pngFile } from './png.ts';

/**
 * Lists what axe finds on the current page, by rule, with the elements. It uses all rules in the
 * light theme, and those of colours in the dark one.
 */
async function findings(page: Page): Promise<string[]> {
  const light = await axeFindings(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await axeFindings(page, { rules: COLOUR_RULES });
  await page.emulateMedia({ colorScheme: 'light' });
  return [...light, ...dark.map((finding) => `dark: ${finding}`)];
}

test.beforeEach(({ page }) => page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' }));

test('axe finds nothing on any page', async ({ page, server, context }) => {
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

  for (const path of [
    '/?q=nothing',
    '/tags',
    '/duplicates',
    '/account',
    '/save?url=https%3A%2F%2Fcats.example%2Fa.png',
    '/invites',
    ...ADMIN_TABS.map((tab) => `/admin/${tab}`),
    '/nowhere',
  ]) {
    await page.goto(path);
    await expect(page.getByRole('main')).toBeVisible();
    await requestsAtRest(page);
    expect(await findings(page), path).toEqual([]);
  }

  await page.request.post('/api/auth/logout', { headers });
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(await findings(page), 'sign in').toEqual([]);
});

test.describe('what could not be had', () => {
  // A service worker has every chunk, so its cache would serve the chunk that is missing here.
  test.use({ serverEnv: { OCR: 'off' }, serviceWorkers: 'block' });

  test('axe finds nothing in what says that a part is missing', async ({ signedIn: page }) => {
    const item = await addFile(page, 'kuva.png', await picture());
    const [folder, viewer, menu] = [new HomePage(page), new ViewerPage(page), new AccountMenu(page)];
    const missing = page.getByRole('dialog', { name: 'This section failed to load' });
    const clean = async (where: string) => expect(await findings(page), where).toEqual([]);
    await page.route(/\/assets\/(account-panel|shortcuts-dialog|tags-page)-[^/]+\.js$/, (route) =>
      route.abort('internetdisconnected'),
    );
    await folder.open();
    await expect(folder.pictures).toHaveCount(1);
    await menu.button.click();
    await expect(menu.menu.getByRole('alert')).toBeVisible();
    await clean('in the account menu');
    await page.keyboard.press('Escape');
    await page.getByRole('main').focus();
    await page.keyboard.press('?');
    await expect(missing).toBeVisible();
    await clean('over the folder');

    await viewer.open(item.id);
    await page.keyboard.press('?');
    await expect(missing).toBeVisible();
    await clean('over a picture');

    await folder.open();
    await page.getByRole('link', { name: 'Tags' }).click();
    await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
    await clean('a page');
  });
});

test.describe('what opens over a page', () => {
  test.use({ serverEnv: { OCR: 'off' } });

  test('axe finds nothing in any dialog, sheet or menu', async ({
    signedIn: page,
    browser,
    server,
    context,
  }) => {
    const [folder, grid, viewer, tray] = [
      new HomePage(page),
      new GridPage(page),
      new ViewerPage(page),
      new TrayPage(page),
    ];
    const clean = async (where: string) => expect(await findings(page), where).toEqual([]);
    const item = await addFile(page, 'kahvi.png', await picture());
    await addFile(page, 'kissa.png', await picture());
    const headers = { origin: server.url };
    const data = { tags: ['kissa', 'maanantai'] };
    expect((await page.request.put(`/api/media/${item.id}/tags`, { headers, data })).ok()).toBe(true);
    await folder.open();

    // On the home page.
    await expect(folder.pictures).toHaveCount(2);
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
    await clean('sheet of keys');
    await page.keyboard.press('Escape');
    const menu = new AccountMenu(page);
    await menu.open();
    await clean('account menu');
    await page.keyboard.press('Escape');
    await folder.search.fill('kis');
    await expect(page.getByRole('listbox')).toBeVisible();
    // The list of the search before is dimmed until the answer comes.
    await expect(page).toHaveURL(/q=kis/);
    await expect(page.locator('.grid:not([data-stale])')).toBeVisible();
    await clean('suggestions');
    await folder.search.fill('');
    await folder.search.press('Escape');
    // Another search clears the selection, so wait for it before selecting.
    await expect(page).not.toHaveURL(/q=/);
    await expect(folder.pictures).toHaveCount(2);

    // Select, tag and delete.
    await expect(async () => {
      await grid.link(0).focus();
      await page.keyboard.press('x');
      await expect(grid.bar()).toBeVisible({ timeout: TRY_AGAIN_MS });
    }).toPass();
    await clean('selection');
    await page.keyboard.press('t');
    await expect(page.getByRole('dialog', { name: /^Tags of/ })).toBeVisible();
    await clean('tags of many');
    await page.keyboard.press('Escape');
    await grid.bar().getByRole('button', { name: 'Delete' }).click();
    await expect(folder.messages.getByRole('button', { name: 'Undo' })).toBeVisible();
    await clean('message with undo');
    await page.goto('/?q=is:trash');
    await expect(folder.pictures).toHaveCount(1);
    await clean('trash');

    // Upload.
    await folder.open();
    await tray.pick([
      await pngFile('good.png', 3),
      { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') },
    ]);
    await expect(tray.row('broken.png')).toContainText(/kind|type|taken|picture/i);
    await tray.button('Title and tags of good.png').click();
    await expect(tray.region.getByLabel('Title', { exact: true })).toBeVisible();
    await clean('tray with a form');

    // The viewer with everything open.
    await viewer.open(item.id);
    await viewer.button('Edit the title').click();
    await viewer.button('Add a description').click();
    await clean('editing');
    await page.keyboard.press('Escape');
    await viewer.button('More').click();
    await expect(viewer.button('Reprocess')).toBeVisible();
    await clean('more actions');
    await page.goto('/m/01900000-0000-7000-8000-000000000000');
    await expect(viewer.dialog.getByRole('heading', { name: 'This item no longer exists' })).toBeVisible();
    await clean('gone');

    // The admin page.
    await joinAs(browser, page, 'Louhi', server.url);
    await page.goto('/admin/tags');
    await page.getByRole('button', { name: 'Rename kissa' }).click();
    await clean('renaming a tag');
    await page.getByRole('button', { name: 'Delete maanantai' }).click();
    await clean('deleting a tag');
    await page.goto('/invites');
    await page.getByRole('button', { name: 'Create invitation' }).click();
    const join = await page.getByLabel('Invitation link').inputValue();
    await clean('invitation');
    await page.goto('/admin');
    const louhi = page
      .getByRole('region', { name: 'People' })
      .getByRole('listitem')
      .filter({ hasText: 'Louhi' });
    await louhi.getByRole('button', { name: 'Reset password' }).click();
    const reset = await louhi.getByLabel(/^Password reset link for Louhi/).inputValue();
    await clean('reset link');
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByRole('button', { name: 'Reprocess everything' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await clean('everything again');

    // Without a connection, and without a session.
    await folder.open();
    await context.setOffline(true);
    await expect(page.getByText("You're offline")).toBeVisible();
    await clean('no connection');
    await context.setOffline(false);
    await expect(page.getByText("You're offline")).toBeHidden();
    await context.clearCookies();
    await tray.pick([await pngFile('late.png', 4)]);
    await expect(page.getByRole('dialog', { name: 'Sign in to continue' })).toBeVisible();
    await clean('session ended');

    // Pages behind links, valid and invalid.
    for (const [link, heading] of [
      [join, /./],
      [reset, /./],
      [`${server.url}/join/wrong`, 'This invitation does not work'],
      [`${server.url}/reset/wrong`, 'This link does not work'],
    ] as const) {
      await page.goto(link);
      await expect(page.getByRole('heading', { name: heading }).first()).toBeVisible();
      await requestsAtRest(page);
      await clean(link);
    }
  });
});
