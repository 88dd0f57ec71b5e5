import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';

test(
  'finds by keys, corrects and can be insisted, narrows by filters in the address, and remembers',
  { tag: '@smoke' },
  async ({ signedIn: page, server }) => {
    const grid = new GridPage(page);
    await grid.add(server.url, ['koira rannalla'], 'eläin');
    await grid.add(server.url, ['kissa ikkunalla']);
    await page.goto('/');
    await expect(grid.tiles()).toHaveCount(2);

    // Choose a suggestion by keyboard. The tag shows as a chip that removes it.
    await page.keyboard.press('/');
    await expect(grid.search()).toBeFocused();
    await page.keyboard.type('elä');
    await expect(page.getByRole('option', { name: '#eläin' })).toBeVisible();
    for (let i = 0; i < 8; i++) {
      if ((await page.getByRole('option', { name: '#eläin' }).getAttribute('aria-selected')) === 'true')
        break;
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\?tag=el%C3%A4in/);
    await expect(grid.tiles()).toHaveCount(1);
    await expect(grid.status()).toContainText('1 result');
    await page.reload();
    await expect(grid.tiles()).toHaveCount(1);
    await grid.filters().getByRole('link', { name: 'Remove filter: #eläin' }).click();
    await expect(grid.tiles()).toHaveCount(2);

    // A misspelled word is corrected, and the user can insist on it.
    await grid.search().fill('koixa');
    await expect(grid.status()).toContainText('Showing results for “koira”');
    await expect(grid.tiles().locator('mark')).toHaveText('koira');
    await page.getByRole('link', { name: 'Search instead for “koixa”' }).click();
    await expect(page.getByRole('heading', { name: /No results for/ })).toBeVisible();
    await expect(page).toHaveURL(/q=%22koixa%22/);

    // Filters without results say so, and offer a search without filters.
    await page.goto('/?q=koira%20type%3Avideo');
    await page.getByRole('link', { name: 'Search everything for “koira”' }).click();
    await expect(grid.tiles()).toHaveCount(1);
    await grid.filters().getByRole('link', { name: 'Untagged' }).click();
    await expect(page).toHaveURL(/is=untagged/);
    await page.goto('/tags');
    await page.getByRole('link', { name: '@Aino' }).click();
    await expect(grid.tiles()).toHaveCount(2);
    await grid.filters().getByRole('button', { name: 'Surprise me' }).click();
    await expect(page).toHaveURL(/\/m\//);

    // Recent searches, and their deletion.
    await page.goto('/');
    await grid.search().fill('kissa');
    await page.keyboard.press('Enter');
    await expect(grid.tiles()).toHaveCount(1);
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await expect(page.getByRole('option', { name: /kissa/ })).toBeVisible();
    await page.getByRole('option', { name: 'Clear recent searches' }).click();
    await expect(page.getByRole('option')).toHaveCount(0);
  },
);

test('filters are separate from the words, and a pressed filter comes off', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['koira rannalla', 'kissa ikkunalla'], 'eläin');
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(2);
  const pictures = grid.filters().getByRole('link', { name: 'Pictures' });

  // A filter, then words: both hold, and the box has the words only.
  await pictures.click();
  await expect(page).toHaveURL(/\?type=image$/);
  await expect(pictures).toHaveAttribute('aria-current', 'true');
  await expect(grid.search()).toHaveValue('');
  await grid.search().click();
  await page.keyboard.type('koira');
  await expect(page).toHaveURL(/\?q=koira&type=image$/);
  await expect(grid.tiles()).toHaveCount(1);
  await expect(page).toHaveTitle('koira · Pictures · meemikansio');

  // The key for the search selects the words, and the filter stays.
  await page.keyboard.press('Enter');
  await page.keyboard.press('/');
  await page.keyboard.type('kissa');
  await expect(page).toHaveURL(/\?q=kissa&type=image$/);
  await expect(grid.search()).toHaveValue('kissa');

  // A typed filter becomes a chip; a pressed filter comes off.
  await page.keyboard.type(' tag:eläin ');
  const chip = grid.filters().getByRole('link', { name: 'Remove filter: #eläin' });
  await expect(chip).toBeVisible();
  await expect(grid.search()).toHaveValue('kissa ');
  await pictures.click();
  await expect(page).toHaveURL(/\?q=kissa&tag=el%C3%A4in$/);
  await expect(pictures).not.toHaveAttribute('aria-current');

  // An address of an older release opens the same list, and shows each filter once.
  await page.goto('/?q=kissa%20type%3Aimage%20tag%3Ael%C3%A4in');
  await expect(grid.tiles()).toHaveCount(1);
  await expect(grid.search()).toHaveValue('kissa');
  await expect(pictures).toHaveAttribute('aria-current', 'true');
  await expect(chip).toHaveCount(1);
  await expect(page.locator('body')).not.toContainText('type:');

  // The trash has no word of the query language.
  await page.goto('/?q=is%3Atrash');
  await expect(page).toHaveTitle('Trash · meemikansio');
  await expect(grid.search()).toHaveValue('');
  await expect(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
  await expect(page.locator('body')).not.toContainText('is:trash');
});

test('Enter in the search moves the focus to the first result, and arrows walk from it', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['koira yksi', 'kissa', 'koira kaksi']);
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(3);
  await page.keyboard.press('/');
  await page.keyboard.type('koira');
  await page.keyboard.press('Enter');
  await expect(grid.link(0)).toBeFocused();
  await expect(grid.link(0)).toHaveAccessibleName(/koira kaksi/);
  await page.keyboard.press('ArrowRight');
  await expect(grid.link(1)).toBeFocused();
  await expect(grid.link(1)).toHaveAccessibleName(/koira yksi/);
});

test('an admin renames, merges and deletes tags', async ({ signedIn: page, server }) => {
  const grid = new GridPage(page);
  await grid.add(server.url, ['one'], 'koira,turha');
  await grid.add(server.url, ['two'], 'hauva');
  await page.goto('/admin/tags');
  await page.getByRole('button', { name: 'Rename koira' }).click();
  await page.getByLabel('New name of koira').fill('hauva');
  await page.getByRole('button', { name: 'Rename', exact: true }).last().click();
  await expect(page.getByRole('alert').getByText('The tag hauva already exists')).toBeVisible();
  await page.getByRole('alert').getByRole('button', { name: 'Merge' }).click();
  await page.getByRole('combobox', { name: 'Merge koira into', exact: true }).fill('hauva');
  await page.keyboard.press('Enter');
  await expect(page.getByText('koira is now part of hauva')).toBeVisible();
  const row = page.getByRole('listitem').filter({ hasText: '#hauva' });
  await expect(row).toContainText('2 items');
  await page.getByRole('button', { name: 'Delete turha' }).click();
  await page.locator('.tag-change').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('turha deleted')).toBeVisible();
  await page.goto('/?q=tag%3Ahauva');
  await expect(grid.tiles()).toHaveCount(2);
});
