import type { DuplicateList } from '../../app/media/duplicates/duplicates.schema.ts';
import { mediaItem, type MediaListItem } from '../../app/media/media.schema.ts';
import { axeFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { addFile, patchItem } from './items.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { makeTemplate, writeMeme } from '../support/media/templates.ts';

// A service worker would answer instead of the routes below.
test.use({ serverEnv: { OCR: 'off' }, serviceWorkers: 'block' });

test('the page of duplicates merges a group by keyboard, and undoes it', async ({ signedIn: page }) => {
  const ids: string[] = [];
  for (const [seed, title] of ['Paras', 'Kopio'].entries()) {
    const { id } = await addFile(page, `${seed}.png`, await writeMeme(await makeTemplate(seed), title, ''));
    await patchItem(page, id, { title });
    ids.push(id);
  }
  const onServer = async (id: string) =>
    mediaItem.parse(await (await page.request.get(`/api/media/${id}`)).json());
  // The job groups them within a minute. The page gets the group at once.
  await page.route('**/api/duplicates', async (route) => {
    const items: MediaListItem[] = [];
    for (const id of ids) {
      const { text: _text, ...item } = await onServer(id);
      if (item.deletedAt === null) items.push({ ...item, match: null });
    }
    const group = {
      id: ids[0] ?? '',
      items: items.map((item) => ({ item, wish: null })),
      total: { value: items.length, exact: true },
    };
    const json: DuplicateList = { groups: items.length > 1 ? [group] : [], next: null };
    await route.fulfill({ json });
  });

  await page.goto('/');
  await new AccountMenu(page).open();
  await page.getByRole('link', { name: 'Duplicates' }).press('Enter');
  const group = page.getByRole('region', { name: 'Paras 2' });
  await expect(group.getByText('Best file')).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);

  await group.getByRole('button', { name: 'Merge the copies of Paras' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Merge 1 copy into Paras?' });
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  // Under the pointer it stays.
  const toast = page.locator('.toast', { hasText: '1 copy merged' });
  await toast.hover();
  await expect(page.getByText('No meme is here twice.')).toBeVisible();
  await expect.poll(async () => (await onServer(ids[1] ?? '')).deletedAt).not.toBeNull();
  expect((await onServer(ids[0] ?? '')).description).toBe('Kopio');

  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(group).toBeVisible();
  await expect.poll(async () => (await onServer(ids[1] ?? '')).deletedAt).toBeNull();
  expect((await onServer(ids[0] ?? '')).description).toBe('');

  // A merge by others shows without a reload.
  const headers = { origin: new URL(page.url()).origin };
  const data = { into: ids[0], ids: [ids[1]] };
  expect((await page.request.post('/api/duplicates/merge', { headers, data })).status()).toBe(200);
  await expect(page.getByText('No meme is here twice.')).toBeVisible();
});
