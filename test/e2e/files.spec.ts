import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import sharp from 'sharp';
import { STILL_MAKERS } from '../support/media/specimens.ts';
import { VIDEO_MAKERS } from '../support/media/videos.ts';
import { expect, test } from './fixtures.ts';
import { addFile, getItem } from './items.ts';

test.use({ serverEnv: { OCR: 'off' } });

/** One colour all over, so that its pixels are recognised on a screenshot. */
const COLOUR = { r: 200, g: 40, b: 120 };
const coloured = () => sharp({ create: { width: 80, height: 60, channels: 3, background: COLOUR } });

const PICTURES: Record<string, () => Promise<Buffer>> = {
  'kuva.jpg': () => coloured().jpeg().toBuffer(),
  'kuva.png': () => coloured().png().toBuffer(),
  'kuva.gif': () => coloured().gif().toBuffer(),
  'kuva.webp': () => coloured().webp().toBuffer(),
  'kuva.avif': () => coloured().avif({ effort: 0 }).toBuffer(),
};

/** Takes a screenshot and returns the colours of its middle and of its corner. */
async function colours(page: Page): Promise<{ middle: number[]; corner: number[] }> {
  const { data, info } = await sharp(await page.screenshot())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3).subarray(0, 3)];
  return { middle: at(info.width >> 1, info.height >> 1), corner: at(2, 2) };
}

test('a picture opened by its own address is shown in the middle on dark, to a stranger', async ({
  signedIn: page,
  browser,
  server,
}) => {
  const stranger = await browser.newContext({ baseURL: server.url });
  for (const [name, make] of Object.entries(PICTURES)) {
    const item = await addFile(page, name, await make());
    const opened = await stranger.newPage();
    await opened.goto(item.url);
    const { middle, corner } = await colours(opened);
    for (const [i, value] of [COLOUR.r, COLOUR.g, COLOUR.b].entries())
      expect(Math.abs((middle[i] ?? 0) - value), `${name}: ${middle.join()}`).toBeLessThan(16);
    expect(Math.max(...corner), `${name}: ${corner.join()}`).toBeLessThan(40);
    await opened.close();
  }
  expect(await stranger.cookies()).toEqual([]);
  await stranger.close();
});

test('a video opened by its own address plays, to a stranger; that of an iPhone does, too', async ({
  signedIn: page,
  browser,
  server,
}) => {
  const stranger = await browser.newContext({ baseURL: server.url });
  for (const [name, bytes] of [
    ['video.mp4', VIDEO_MAKERS.mp4()],
    ['video.webm', VIDEO_MAKERS.webm()],
    ['IMG_0001.MOV', VIDEO_MAKERS.mov()],
  ] as const) {
    const { id, url } = await addFile(page, name, bytes);
    await expect.poll(async () => (await getItem(page, id)).state).toBe('ready');
    const opened = await stranger.newPage();
    await opened.goto(url);
    const video = opened.locator('video');
    await video.evaluate((element: HTMLVideoElement) => {
      element.muted = true;
      return element.play();
    });
    await expect
      .poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime), { message: name })
      .toBeGreaterThan(0.2);
    expect(await video.evaluate((element: HTMLVideoElement) => element.videoWidth), name).toBe(320);
    await opened.close();
  }
  expect(await stranger.cookies()).toEqual([]);
  await stranger.close();
});

/** Chromium shows neither, and this MOV has no version that plays. */
const SAVED = new Set(['svg', 'html', 'mov']);

test('a file that is also a page runs no script, opened or embedded', async ({ page, server, dataDir }) => {
  const script = '<script>document.title = "it ran"; globalThis.ran = true</script>';
  const html = `<html><body>${script}<img src=x onerror="document.title='it ran'"></body></html>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='it ran'">${script}</svg>`;
  const gifScript = 'GIF89a/*\0\0\0*/=1;document.title="it ran"';
  const mp4 = VIDEO_MAKERS.silentMp4();
  const still = await STILL_MAKERS.jpeg();
  const hostile: Record<string, Buffer[]> = {
    jpg: [Buffer.from(html), Buffer.concat([still, Buffer.from(html)])],
    png: [Buffer.from(svg)],
    gif: [Buffer.from(gifScript), Buffer.from(`GIF89a${html}`)],
    webp: [Buffer.from(`RIFF0000WEBP${html}`)],
    avif: [Buffer.from(html)],
    mp4: [Buffer.from(`\0\0\0\x18ftypmp42${html}`), Buffer.concat([mp4, Buffer.from(html)])],
    webm: [Buffer.from(html)],
    mov: [Buffer.from(html)],
    svg: [Buffer.from(svg)],
    html: [Buffer.from(html)],
  };
  for (const [extension, files] of Object.entries(hostile)) {
    for (const bytes of files) {
      // As if it had passed every check of an upload.
      const key = `${randomUUID()}.${extension}`;
      const folder = join(dataDir, 'media', key.slice(0, 2));
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, key), bytes);
      const address = `${server.url}/api/files/${key}`;

      const download = page.waitForEvent('download').then(
        () => 'saved',
        () => 'nothing',
      );
      const loaded = page.goto(address).then(
        () => 'shown',
        () => download,
      );
      expect(await loaded, key).toBe(SAVED.has(extension) ? 'saved' : 'shown');
      expect(await page.title(), key).not.toBe('it ran');

      // A page of the app's own origin, where a script would do harm.
      await page.goto(`${server.url}/api/health`);
      const outcome = await page.evaluate(async (src) => {
        const element = document.createElement('script');
        const ended = new Promise((resolve) => {
          element.addEventListener('load', () => resolve('loaded'));
          element.addEventListener('error', () => resolve('refused'));
        });
        element.src = src;
        document.head.append(element);
        return `${String(await ended)} ${document.title}`;
      }, address);
      expect(outcome.trim(), key).toBe('refused');
    }
  }
});

test('a file of the trash is gone for a stranger, with a page that says so in words', async ({
  signedIn: page,
  browser,
  server,
}) => {
  const item = await addFile(page, 'kuva.png', await coloured().png().toBuffer());
  const stranger = await browser.newContext({ baseURL: server.url, locale: 'fi-FI' });
  const opened = await stranger.newPage();
  expect((await opened.goto(item.url))?.status()).toBe(200);
  await page.request.delete(`/api/media/${item.id}`, { headers: { origin: server.url } });
  // The browser has a copy, and asks before it shows it.
  expect((await opened.goto(item.url))?.status()).toBe(404);
  await expect(opened.getByRole('heading')).toHaveText('Täällä ei ole tiedostoa');
  await stranger.close();

  // Its owner still sees it in the trash.
  await page.goto(`/m/${item.id}`);
  const shown = page.locator('img[src*="/trashed/original"]');
  await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(80);
});
