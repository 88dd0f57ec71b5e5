import { axeFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';

test('the box completes collections and the states of items, and Surprise me keeps the filters', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  const [one, two] = await grid.add(server.url, ['one', 'two', 'three']);
  const headers = { origin: server.url };
  const made = await page.request.post('/api/collections', { headers, data: { name: 'Isot koirat' } });
  const id = String(Reflect.get(Object(await made.json()), 'id'));
  await page.request.post(`/api/collections/${id}/items`, { headers, data: { ids: [one, two] } });
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(3);

  await grid.search().fill('in:"isot k');
  await page.getByRole('option', { name: 'Isot koirat' }).click();
  await expect(page).toHaveURL(/\?in=Isot\+koirat$/);
  await expect(grid.tiles()).toHaveCount(2);
  await expect(grid.search()).toHaveValue('');

  // Two draws show both items of the collection, and the third says that it starts over.
  const viewer = new ViewerPage(page);
  const shown = new Set<string>();
  const surprise = grid.filters().getByRole('button', { name: 'Surprise me' });
  const draw = async () => {
    await surprise.click();
    await expect(viewer.dialog).toBeVisible();
    await expect(page).toHaveURL(/\/m\/[\w-]+\?in=Isot\+koirat$/);
    shown.add(new URL(page.url()).pathname);
    await page.keyboard.press('Escape');
    await expect(viewer.dialog).toBeHidden();
  };
  await draw();
  // A reload does not forget it.
  await page.goto('/?in=Isot+koirat');
  await expect(grid.tiles()).toHaveCount(2);
  await draw();
  expect([...shown].toSorted()).toEqual([`/m/${one}`, `/m/${two}`].toSorted());
  await draw();
  await expect(page.getByText('You have seen all of them. Starting over.')).toBeVisible();

  // By keyboard, with a name that is not that of the filter.
  await grid.search().focus();
  await page.keyboard.type('is:fav');
  await expect(page.getByRole('option', { name: 'Favourites is:favourite' })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/is=favourite/);
  // Nothing there yet: the page says how that changes.
  await page.goto('/?is=favourite');
  await expect(page.getByRole('heading', { name: 'No favourites yet' })).toBeVisible();
  await page.request.post(`/api/collections/${id}/remove`, { headers, data: { ids: [one, two] } });
  await page.goto('/?in=Isot+koirat');
  await expect(page.getByRole('heading', { name: 'This collection is empty' })).toBeVisible();
});

test('pictures of this day in earlier years are a row that can be put away', async ({
  signedIn: page,
  server,
}) => {
  const grid = new GridPage(page);
  const [one = ''] = await grid.add(server.url, ['one', 'two']);
  // Four years later, so that a 29 February has the same day.
  const now = new Date();
  const years = String(now.getFullYear());
  await page.clock.setFixedTime(new Date(now).setFullYear(now.getFullYear() + 4));
  await page.goto('/');
  const row = page.getByRole('region', { name: 'On this day' });
  await expect(row.getByRole('link')).toHaveCount(2);
  expect(await axeFindings(page)).toEqual([]);
  await row.getByRole('link', { name: `${years}: one` }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/m/${one}$`));
  await page.keyboard.press('Escape');

  // An item that is deleted leaves the row.
  await page.request.delete(`/api/media/${one}`, { headers: { origin: server.url } });
  await expect(row.getByRole('link')).toHaveCount(1);
  // A search has no such row.
  await page.goto('/?q=two');
  await expect(grid.tiles()).toHaveCount(1);
  await expect(row).toBeHidden();
  await page.goto('/');

  await row.getByRole('button', { name: 'Hide until tomorrow' }).press('Enter');
  await expect(row).toBeHidden();
  await expect(page.locator('#pictures')).toBeFocused();
  await page.reload();
  await expect(grid.tiles()).toHaveCount(1);
  // The menu of the list brings it back at once, or puts it away for good.
  await page.getByRole('button', { name: /^View/ }).click();
  const choice = page.getByRole('checkbox', { name: 'Show pictures of this day in earlier years' });
  await expect(choice).toBeChecked();
  await choice.press('Space');
  await choice.press('Space');
  await expect(row).toBeVisible();
  await choice.press('Space');
  await expect(row).toBeHidden();
});
