import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { addFile } from './items.ts';
import { TrayPage } from './pages/tray.page.ts';
import { png } from './png.ts';

test.use({
  serverEnv: { OCR: 'off' },
  serviceWorkers: 'block',
  permissions: ['clipboard-read', 'clipboard-write'],
});

/** Pastes or drops text, as a browser does. */
const hand = (page: Page, type: 'drop' | 'paste', data: Record<string, string>) =>
  page.evaluate(
    ([what, texts]) => {
      const transfer = new DataTransfer();
      for (const [format, text] of Object.entries(texts)) transfer.setData(format, text);
      const options = { bubbles: true, cancelable: true };
      const event =
        what === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: transfer })
          : new ClipboardEvent('paste', { ...options, clipboardData: transfer });
      return !document.body.dispatchEvent(event);
    },
    [type, data] as const,
  );

test('a link is added by pasting, dropping or the bookmark, with its progress and its end in words', async ({
  signedIn: page,
}) => {
  const tray = new TrayPage(page);
  const stored = await addFile(page, 'stored.png', await png(1));

  // The server refuses these by itself.
  await expect.poll(() => hand(page, 'drop', { 'text/uri-list': 'http://127.0.0.1/cat.png' })).toBe(true);
  await expect(tray.row('127.0.0.1/cat.png').first()).toContainText('does not lead to the public internet');

  // The rest of the internet is played: the test has none.
  const fetches: Record<string, unknown>[] = [
    { state: 'queued' },
    { state: 'fetching', receivedSize: 1_000_000, totalSize: null },
    { state: 'fetching', receivedSize: 2_000_000, totalSize: 4_000_000 },
    { state: 'storing', receivedSize: 4_000_000, totalSize: 4_000_000 },
    { state: 'done', itemId: stored.id },
  ];
  const asked: unknown[] = [];
  const base = {
    id: '01900000-0000-7000-8000-000000000001',
    url: 'https://cats.example/a.png',
    receivedSize: 0,
    totalSize: null,
    itemId: null,
    failure: null,
    createdAt: new Date().toISOString(),
  };
  let at = 0;
  await page.route('**/api/media/from-url**', async (route) => {
    const isPost = route.request().method() === 'POST';
    if (isPost) asked.push(route.request().postDataJSON());
    await route.fulfill({ status: isPost ? 202 : 200, json: { ...base, ...fetches[isPost ? 0 : at] } });
  });
  const row = tray.row('cats.example/a.png');
  expect(await hand(page, 'paste', { 'text/html': '<img src="https://cats.example/a.png">' })).toBe(true);
  await expect(row).toContainText('Queued');
  at = 1;
  await expect(row).toContainText('1 MB');
  at = 2;
  await expect(row).toContainText('2 MB of 4 MB');
  await expect(row.getByRole('progressbar')).toHaveAttribute('value', '0.5');
  // The server goes on meanwhile.
  await page.reload();
  await expect(row.getByRole('progressbar')).toHaveAttribute('value', '0.5');
  at = 3;
  await expect(row).toContainText('Finishing');
  at = 4;
  await expect(row).toContainText('Done');
  await expect(row.getByRole('link')).toHaveAttribute('href', `/m/${stored.id}`);
  expect(asked).toEqual([{ url: 'https://cats.example/a.png', title: '', tags: [] }]);

  // The bookmark fills in the address, and sends nothing.
  await page.goto('/account');
  const section = page.getByRole('region', { name: 'Save from other sites' });
  const bookmark = section.getByRole('link', { name: 'Save to meemikansio' });
  expect(await bookmark.getAttribute('href')).toMatch(/^javascript:/);
  await bookmark.click();
  await expect(page.getByText('Drag the link to the bookmarks bar')).toBeVisible();
  await section.getByRole('button', { name: 'Copy the address of the bookmark' }).press('Enter');
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(await bookmark.getAttribute('href'));

  await page.goto(`/save?url=${encodeURIComponent('https://cats.example/b.png?x=1&y=2')}`);
  const field = page.getByLabel('Link to a picture, a video or a page with one');
  await expect(field).toHaveValue('https://cats.example/b.png?x=1&y=2');
  await expect(field).toBeFocused();
  expect(asked).toHaveLength(1);
  await field.press('Enter');
  await expect(tray.row('cats.example/b.png?x=1&y=2')).toContainText('Done');
  await expect(field).toHaveValue('');
  expect(asked.slice(1)).toEqual([{ url: 'https://cats.example/b.png?x=1&y=2', title: '', tags: [] }]);
});
