import { expect, test } from './fixtures.ts';
import { TrayPage } from './pages/tray.page.ts';
import { noise, png, pngFile } from './png.ts';

test('two hundred files at once all come in, and the page stays light meanwhile', async ({
  signedIn: page,
}) => {
  const tray = new TrayPage(page);
  const files = await Promise.all(
    Array.from({ length: 200 }, (_, seed) => pngFile(`small-${seed}.png`, seed)),
  );
  await tray.pick(files);
  await expect(tray.headline).toHaveText(/Uploading \d+ files/);
  await expect(tray.region).toContainText(/\d+ of 200 · /);
  expect(await tray.rows.count()).toBeLessThan(25);
  // All rows are reachable: the list has its full height.
  await tray.region.getByRole('list').evaluate((list) => list.scrollTo({ top: list.scrollHeight }));
  await expect(tray.row('small-199.png')).toBeVisible();
  await expect(tray.headline).toHaveText('200 files uploaded');
  expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(1500);

  const seen = new Set<string>();
  let cursor = '';
  do {
    const answer = await page.request.get(`/api/media?limit=100${cursor && `&cursor=${cursor}`}`);
    const { items, nextCursor } = await answer.json();
    for (const { originalName } of items) seen.add(originalName);
    cursor = nextCursor ?? '';
  } while (cursor);
  expect(seen.size).toBe(200);
});

test(
  'files are dropped, pasted, several at once, and found already here the second time',
  { tag: '@smoke' },
  async ({ signedIn: page }) => {
    const tray = new TrayPage(page);
    await tray.hand('drop', [{ name: 'dropped.png', buffer: await png(1) }]);
    await expect(tray.pictures).toHaveCount(1);
    await tray.hand('paste', [
      { name: 'pasted-1.png', buffer: await png(2) },
      { name: 'pasted-2.png', buffer: await png(3) },
    ]);
    await expect(tray.pictures).toHaveCount(3);

    const posts: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await tray.hand('drop', [{ name: 'again.png', buffer: await png(1) }]);
    await expect(tray.row('again.png')).toContainText('Already uploaded');
    expect(posts).toEqual([]);
    await tray.region.getByRole('link', { name: 'Show again.png' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
  },
);

test('a copy of what lies in the trash is offered back', async ({ signedIn: page, server }) => {
  const tray = new TrayPage(page);
  await tray.pick([await pngFile('old.png', 5)]);
  await expect(tray.pictures).toHaveCount(1);
  const { items } = await (await page.request.get('/api/media')).json();
  const headers = { origin: server.url };
  expect((await page.request.delete(`/api/media/${items[0].id}`, { headers })).status()).toBe(204);
  await page.reload();
  await tray.pick([await pngFile('copy.png', 5)]);
  await expect(tray.row('copy.png')).toContainText('Already in the trash');
  await tray.button('Restore copy.png from the trash').click();
  await expect(tray.pictures).toHaveCount(1);
});

test('what is broken says why, what failed is tried again, what is on its way can be called off', async ({
  signedIn: page,
}) => {
  const tray = new TrayPage(page);
  const broken = (await png(1)).subarray(0, 60);
  await tray.pick([
    { name: 'broken.png', mimeType: 'image/png', buffer: broken },
    { name: 'letter.png', mimeType: 'image/png', buffer: Buffer.from('not a picture at all') },
  ]);
  await expect(tray.row('broken.png')).toContainText('The file is damaged');
  await expect(tray.row('letter.png')).toContainText(/kind|type|taken|picture/i);
  await expect(tray.button(/Retry .*/)).toHaveCount(0);

  let fail = true;
  await page.route('**/api/media', (route) =>
    fail && route.request().method() === 'POST'
      ? route.fulfill({ status: 500, json: { code: 'internal', message: 'x', requestId: 'r' } })
      : route.fallback(),
  );
  await tray.pick([await pngFile('unlucky.png', 7)]);
  await expect(tray.row('unlucky.png')).toContainText('Something went wrong on the server');
  fail = false;
  await tray.button('Retry unlucky.png').click();
  await expect(tray.pictures).toHaveCount(1);

  // Hold the upload in progress, with its sent bytes shown.
  const cancelled = page.waitForEvent('requestfailed', (request) => request.method() === 'POST');
  await page.route('**/api/media', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    await cancelled;
  });
  await tray.pick([await pngFile('slow.png', 8)]);
  await expect(tray.row('slow.png')).toHaveAttribute('data-status', /sending|finishing/);
  const dialog = page.waitForEvent('dialog');
  void page.close({ runBeforeUnload: true });
  expect((await dialog).type()).toBe('beforeunload');
  await (await dialog).dismiss();
  await tray.button('Cancel slow.png').click();
  await expect(tray.row('slow.png')).toContainText('Cancelled');
  await expect(tray.pictures).toHaveCount(1);
});

test('title and tags are given while it is sent, to one and to all, and reach the folder', async ({
  signedIn: page,
}) => {
  const tray = new TrayPage(page);
  let go = (): void => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/api/media', async (route) => {
    if (route.request().method() === 'POST') await held;
    return route.fallback();
  });
  await tray.pick([await pngFile('one.png', 1), await pngFile('two.png', 2)]);
  await tray.button('Title and tags of one.png').click();
  await tray.region.getByLabel('Title', { exact: true }).fill('The first');
  await tray.region.getByLabel('Tags', { exact: true }).fill('Kissa,');
  await tray.region.getByRole('button', { name: 'Done' }).click();
  await tray.button('Title and tags for all').click();
  await tray.region.getByLabel('Tags', { exact: true }).fill('party');
  await page.keyboard.press('Enter');
  await tray.region.getByRole('button', { name: 'Done' }).click();
  go();
  await expect(tray.headline).toHaveText('2 files uploaded');
  await expect
    .poll(async () => {
      const { items } = await (await page.request.get('/api/media')).json();
      return items
        .map(({ originalName, title, tags }: Record<string, unknown>) => ({ originalName, title, tags }))
        .toSorted((a: { originalName: string }, b: { originalName: string }) =>
          a.originalName.localeCompare(b.originalName),
        );
    })
    .toEqual([
      { originalName: 'one.png', title: 'The first', tags: ['kissa', 'party'] },
      { originalName: 'two.png', title: '', tags: ['party'] },
    ]);

  // Also after the upload.
  await tray.button('Title and tags of two.png').click();
  await tray.region.getByLabel('Title', { exact: true }).fill('The second');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toContainText('The second');
});

test('a large file is asked about before a byte is sent, in a worker that never holds it whole', async ({
  signedIn: page,
  server,
}) => {
  const tray = new TrayPage(page);
  const buffer = await noise(2000);
  expect(buffer.length).toBeGreaterThan(11_000_000);
  const headers = { origin: server.url };
  const file = { name: 'large.png', mimeType: 'image/png', buffer };
  const { status } = {
    status: (await page.request.post('/api/media', { headers, multipart: { file } })).status(),
  };
  expect(status).toBe(201);
  const workers: string[] = [];
  page.on('worker', (worker) => workers.push(worker.url()));
  const posts: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
  await tray.pick([file]);
  await expect(tray.row('large.png')).toContainText('Already uploaded');
  expect(workers).toHaveLength(1);
  expect(posts).toEqual([]);
});
