import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PART_BYTES } from '../../app/resumable/resumable.limits.ts';
import { expect, test } from './fixtures.ts';
import { TrayPage } from './pages/tray.page.ts';
import { noise } from './png.ts';

test.use({ serverEnv: { OCR: 'off' } });

test('a large file goes on after a lost connection and a reload, and nothing of a cancelled one stays', async ({
  signedIn: page,
  dataDir,
}) => {
  const tray = new TrayPage(page);
  const buffer = await noise(1900);
  expect(buffer.length).toBeGreaterThan(2 * PART_BYTES);
  const file = { name: 'large.png', mimeType: 'image/png', buffer };
  page.on('dialog', (dialog) => void dialog.accept());
  const offsets: number[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
  });
  // The connection breaks behind the first part.
  await page.route('**/api/uploads/*', (route) =>
    route.request().method() === 'PATCH' && route.request().headers()['upload-offset'] !== '0'
      ? route.abort('connectionreset')
      : route.fallback(),
  );
  await tray.pick([file]);
  await expect(tray.row('large.png')).toHaveAttribute('data-status', 'waiting');
  expect(offsets.slice(0, 2)).toEqual([0, PART_BYTES]);

  await page.reload();
  await page.unrouteAll({ behavior: 'wait' });
  offsets.length = 0;
  await tray.pick([file]);
  await expect(tray.pictures).toHaveCount(1);
  expect(offsets).toEqual([PART_BYTES, 2 * PART_BYTES]);
  const { items } = await (await page.request.get('/api/media')).json();
  expect(items).toEqual([expect.objectContaining({ originalName: 'large.png' })]);

  await page.route('**/api/uploads/*', (route) =>
    route.request().headers()['upload-offset'] === String(PART_BYTES) ? undefined : route.fallback(),
  );
  await tray.pick([{ ...file, name: 'other.png', buffer: await noise(1800) }]);
  await expect.poll(() => offsets.at(-1)).toBe(PART_BYTES);
  await expect.poll(() => offsets.filter((offset) => offset === 0)).toHaveLength(1);
  const parts = async () => {
    const entries = await readdir(join(dataDir, 'uploads'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  };
  expect(await parts()).toHaveLength(1);
  await tray.button('Cancel other.png').click();
  await expect(tray.row('other.png')).toContainText('Cancelled');
  await expect.poll(parts).toEqual([]);
});
