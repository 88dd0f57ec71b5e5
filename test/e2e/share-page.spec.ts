import type { Browser, Locator, Page } from 'playwright/test';
import sharp from 'sharp';
import { shareAnswer, type Share } from '../../app/shares/shares.schema.ts';
import { animation, picture } from '../support/media/pictures.ts';
import { VIDEO_MAKERS } from '../support/media/videos.ts';
import { axeFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { addFile, getItem, patchItem } from './items.ts';
import { SharePage } from './pages/share.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { tooSmall } from './targets.ts';

test.use({ serverEnv: { OCR: 'off' } });
test.beforeEach(({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));

const origin = (page: Page) => ({ origin: new URL(page.url()).origin });

/** Opens a page in a browser that has never been here. */
async function asStranger(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Page> {
  return (await browser.newContext({ locale: 'en-GB', ...options })).newPage();
}

/** Colour in the middle of an element as it is shown: red, green, blue. */
async function shownColour(element: Locator): Promise<number[]> {
  const image = sharp(await element.screenshot()).removeAlpha();
  const { width, height } = await image.metadata();
  const middle = image.extract({ left: width >> 1, top: height >> 1, width: 1, height: 1 });
  return [...(await middle.raw().toBuffer())];
}

/** Shares an item by the viewer, as a user does. Returns the address on the clipboard. */
async function shareInViewer(page: Page, id: string): Promise<string> {
  const [viewer, share] = [new ViewerPage(page), new SharePage(page)];
  await viewer.open(id);
  await viewer.button('Share').click();
  return share.createLink();
}

async function shareBy(page: Page, itemIds: readonly string[]): Promise<Share> {
  const response = await page.request.post('/api/shares', { headers: origin(page), data: { itemIds } });
  expect(response.status()).toBe(201);
  return shareAnswer.parse(await response.json()).share;
}

test(
  'a shared picture is seen by a stranger without a cookie, until its owner revokes the link',
  { tag: '@smoke' },
  async ({ signedIn: page, browser }) => {
    const blue = sharp({ create: { width: 640, height: 400, channels: 3, background: '#1040c0' } });
    const item = await addFile(page, 'a.png', await blue.png().toBuffer());
    await patchItem(page, item.id, { title: 'meri tänään' });
    const link = await shareInViewer(page, item.id);

    const stranger = await asStranger(browser);
    expect((await stranger.goto(link))?.status()).toBe(200);
    await expect(stranger.getByRole('heading', { name: 'meri tänään' })).toBeVisible();
    const image = stranger.getByRole('figure').locator('img');
    await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(640);
    const [red = 0, green = 0, sea = 0] = await shownColour(image);
    expect(Math.abs(red - 0x10) + Math.abs(green - 0x40) + Math.abs(sea - 0xc0)).toBeLessThan(12);
    expect(await stranger.context().cookies()).toEqual([]);
    await expect(stranger.getByRole('link', { name: 'Open in the folder' })).toHaveCount(0);
    expect(await axeFindings(stranger), 'share page').toEqual([]);
    const download = stranger.waitForEvent('download');
    await stranger.getByRole('link', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toBe('meri tänään.png');

    // A signed-in member finds the item in the folder.
    await page.goto(link);
    await page.getByRole('link', { name: 'Open in the folder' }).click();
    await expect(page).toHaveURL(new RegExp(`/m/${item.id}$`));

    const share = new SharePage(page);
    await page.goto('/account');
    const row = share.section('My shares').locator('.share-row');
    await row.getByRole('button', { name: 'Revoke: meri tänään' }).click();
    await row.getByRole('button', { name: 'Revoke', exact: true }).click();
    await expect(row).toContainText('Revoked');
    // The list shows the end before the server has answered.
    await expect.poll(async () => (await stranger.goto(link))?.status()).toBe(410);
    await expect(stranger.getByRole('heading', { name: 'This link has ended' })).toBeVisible();
    expect(await stranger.content()).not.toContain('meri');
    expect(await axeFindings(stranger), 'gone page').toEqual([]);
    await stranger.context().close();
  },
);

test('a shared GIF moves and a shared video plays for a stranger; the trash ends both', async ({
  signedIn: page,
  browser,
}) => {
  const gif = await addFile(page, 'tanssi.gif', await animation(3, 64));
  const video = await addFile(page, 'filmi.mp4', VIDEO_MAKERS.mp4());
  await expect.poll(async () => (await getItem(page, video.id)).state).toBe('ready');
  const stranger = await asStranger(browser);

  const gifLink = await shareInViewer(page, gif.id);
  await stranger.goto(gifLink);
  const moving = stranger.getByRole('figure').locator('img');
  await expect.poll(() => moving.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(64);
  const first = (await shownColour(moving)).join();
  await expect.poll(async () => (await shownColour(moving)).join()).not.toBe(first);

  const videoLink = await shareInViewer(page, video.id);
  await stranger.goto(videoLink);
  const player = stranger.locator('video');
  await player.evaluate(async (film: HTMLVideoElement) => {
    film.muted = true;
    film.loop = true;
    await film.play();
  });
  await expect.poll(() => player.evaluate((film: HTMLVideoElement) => film.currentTime)).toBeGreaterThan(0.2);
  expect(await axeFindings(stranger), 'video page').toEqual([]);

  const addresses = [gifLink, videoLink, new URL(gif.url, page.url()).href];
  const trashed = await page.request.post('/api/media/trash', {
    headers: origin(page),
    data: { ids: [gif.id, video.id] },
  });
  expect(trashed.ok()).toBe(true);
  const statuses = () =>
    Promise.all(addresses.map(async (url) => (await stranger.request.get(url)).status()));
  await expect.poll(statuses).toEqual([410, 410, 404]);
  await stranger.context().close();
});

test('a gallery of 30 fits a phone, leads to each picture, and is clean for axe', async ({
  signedIn: page,
  browser,
}) => {
  const ids: string[] = [];
  for (let i = 0; i < 30; i++) {
    const item = await addFile(page, 'a.png', await picture('png', { width: 300, height: 200 + i }));
    await patchItem(page, item.id, { title: `kuva ${i + 1}` });
    ids.push(item.id);
  }
  const { url } = await shareBy(page, ids);
  for (const colorScheme of ['light', 'dark'] as const) {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const stranger = await asStranger(browser, { ...phone, colorScheme });
    expect((await stranger.goto(url))?.status()).toBe(200);
    await expect(stranger.getByRole('listitem')).toHaveCount(30);
    await expect(stranger.getByRole('listitem').first()).toContainText('kuva 1');
    const overflow = () =>
      stranger.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    expect(await axeFindings(stranger), `gallery, ${colorScheme}`).toEqual([]);

    await stranger.getByRole('link', { name: 'kuva 30' }).tap();
    const shown = stranger.getByRole('figure').locator('img');
    await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalHeight)).toBe(229);
    expect(await overflow()).toBeLessThanOrEqual(0);
    expect(await tooSmall(stranger)).toEqual([]);
    expect(await axeFindings(stranger), `one of the gallery, ${colorScheme}`).toEqual([]);
    await stranger.context().close();
  }
});
