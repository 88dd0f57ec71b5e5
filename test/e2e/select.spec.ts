import { AccountMenu } from './pages/account-menu.page.ts';
import { execFileSync } from 'node:child_process';
import { requestsAtRest } from './animations.ts';
import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';
import { seedItems } from './server.ts';
import { mediaList } from '../../app/media/media.schema.ts';

test('selects by mouse and keys, tags, deletes with one undo, and downloads an archive that opens', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['one', 'two', 'three', 'four', 'five']);
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(5);
  await requestsAtRest(page);

  // Shift-click selects a range, Escape clears the selection, Ctrl A selects all.
  await grid.tiles().nth(1).hover();
  await grid.tiles().nth(1).getByRole('checkbox').click();
  await grid.link(3).click({ modifiers: ['Shift'] });
  await expect(grid.selected()).toHaveCount(3);
  await expect(grid.bar().getByRole('status')).toHaveText('3 selected');
  await page.keyboard.press('Escape');
  await expect(grid.selected()).toHaveCount(0);
  await expect(grid.bar()).toHaveCount(0);
  await page.keyboard.press('Control+a');
  await expect(grid.selected()).toHaveCount(5);
  await page.keyboard.press('Escape');

  // By keyboard only: x, then extend with Shift and arrows.
  await grid.link(0).focus();
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(grid.link(1)).toBeFocused();
  await expect(grid.selected()).toHaveCount(2);

  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: 'Tags of 2 items' });
  await dialog.getByLabel('Add tags').fill('Iso Koira,');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Tags of 2 items changed')).toBeVisible();
  const found: unknown = await (await page.request.get('/api/media?tag=iso-koira')).json();
  expect(found).toMatchObject({ items: [{ title: 'five' }, { title: 'four' }] });

  const download = page.waitForEvent('download');
  await grid.bar().getByRole('button', { name: 'Download' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/^meemikansio-.*\.zip$/);
  const path = await saved.path();
  execFileSync('unzip', ['-tqq', path]);
  expect(execFileSync('unzip', ['-Z1', path], { encoding: 'utf8' }).trim().split('\n')).toEqual([
    'five.jpg',
    'four.jpg',
  ]);

  await page.keyboard.press('Delete');
  await expect(grid.tiles()).toHaveCount(3);
  await expect(grid.bar()).toHaveCount(0);
  // The message about the tags may still be there, with an Undo of its own.
  const deleted = page.locator('.toast', { hasText: '2 items deleted' });
  await deleted.getByRole('button', { name: 'Undo' }).click();
  await expect(grid.tiles()).toHaveCount(5);
  await expect(grid.link(0)).toHaveAccessibleName(/five/);

  // Move to the trash, and restore.
  await grid.link(4).focus();
  await page.keyboard.press(' ');
  await page.keyboard.press('Delete');
  await expect(grid.tiles()).toHaveCount(4);
  const menu = new AccountMenu(page);
  await menu.open();
  await menu.menu.getByRole('link', { name: 'Trash' }).click();
  await expect(menu.menu).toBeHidden();
  await expect(grid.tiles()).toHaveCount(1);
  await expect(page).toHaveURL(/is=trash/);
  await page.keyboard.press('Control+a');
  await grid.bar().getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
  await grid.filters().getByRole('link', { name: 'All' }).click();
  await expect(grid.tiles()).toHaveCount(5);
});

test('Ctrl A says that it selects what is loaded, and the rest of a search can be selected too', async ({
  signedIn: page,
  server,
  dataDir,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['one', 'two']);
  await seedItems(dataDir, 298);
  await page.goto('/?q=type:image');
  await expect(grid.tiles().first()).toBeVisible();
  await requestsAtRest(page);
  await page.keyboard.press('Control+a');
  const count = grid.bar().getByRole('status');
  await expect(count).toHaveText('60 selected');
  await grid
    .bar()
    .getByRole('button', { name: /Select all results/ })
    .click();
  await expect(count).toHaveText('300 selected');
  await expect(grid.bar().getByRole('button', { name: /rest/ })).toHaveCount(0);
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: 'Tags of 300 items' });
  await dialog.getByLabel('Add tags').fill('kaikille,');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Tags of 300 items changed')).toBeVisible();
  const tags: unknown = await (await page.request.get('/api/tags')).json();
  expect(tags).toMatchObject({ tags: [{ name: 'kaikille', uses: 300 }] });
});

test('selects the rest of a search also while a refresh of the search is under way', async ({
  signedIn: page,
  server,
  dataDir,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['one']);
  await seedItems(dataDir, 149);
  await page.goto('/?q=type:image');
  await expect(grid.tiles().first()).toBeVisible();
  await requestsAtRest(page);

  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(
    (url) => url.pathname === '/api/media' && !url.searchParams.has('cursor'),
    async (route) => {
      await released;
      await route.continue();
    },
  );
  // A changed tag refreshes every search.
  const refresh = page.waitForRequest(
    (request) => request.url().includes('/api/media?') && !request.url().includes('cursor='),
  );
  await grid.link(0).focus();
  await page.keyboard.press('x');
  await expect(grid.bar()).toBeVisible();
  await page.keyboard.press('t');
  const dialog = page.getByRole('dialog', { name: /Tags of/ });
  await dialog.getByLabel('Add tags').fill('yksi,');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await refresh;
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('Control+a');
  const count = grid.bar().getByRole('status');
  await expect(count).toHaveText('60 selected');
  await grid
    .bar()
    .getByRole('button', { name: /Select all results/ })
    .click();
  await expect(grid.bar().getByRole('button', { name: 'Loading' })).toBeVisible();
  release();
  await expect(count).toHaveText('150 selected');
});

test.describe('with a finger', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a hold selects, and a tap then selects more instead of opening', async ({
    signedIn: page,
    server,
  }) => {
    const grid = new GridPage(page);
    await grid.add(server.url, ['one', 'two']);
    await page.goto('/');
    await expect(grid.tiles()).toHaveCount(2);
    await requestsAtRest(page);
    const lift = await grid.hold(0);
    await expect(grid.selected()).toHaveCount(1);
    await lift();
    await expect(page).toHaveURL(/\/$/);
    await grid.link(1).tap();
    await expect(grid.selected()).toHaveCount(2);
    await expect(page).toHaveURL(/\/$/);
  });
});

test.describe('a large download', () => {
  // The worker would fetch the lists itself.
  test.use({ serviceWorkers: 'block' });

  test('says how large it is, and asks before it takes long', async ({ signedIn: page, server }) => {
    const grid = new GridPage(page);
    await grid.add(server.url, ['one', 'two']);
    await page.route(/\/api\/media\?/, async (route) => {
      const response = await route.fetch();
      const list = mediaList.parse(await response.json());
      const items = list.items.map((item) => ({ ...item, byteSize: 300_000_000 }));
      await route.fulfill({ response, json: { ...list, items } });
    });
    await page.goto('/');
    await expect(grid.tiles()).toHaveCount(2);
    await requestsAtRest(page);

    // One takes minutes at most, and starts at once.
    await grid.link(0).focus();
    await page.keyboard.press('x');
    const button = grid.bar().getByRole('button', { name: 'Download' });
    await expect(button).toHaveAttribute('title', '1 item, 300 MB');
    const first = page.waitForEvent('download');
    await button.click();
    await first;

    await page.keyboard.press('Control+a');
    await button.click();
    const dialog = page.getByRole('dialog', { name: 'Download 2 items, 600 MB?' });
    await expect(dialog).toContainText('more than an hour');
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await button.click();
    const second = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download' }).click();
    expect((await second).suggestedFilename()).toMatch(/\.zip$/);
    await expect(dialog).toBeHidden();
  });
});
