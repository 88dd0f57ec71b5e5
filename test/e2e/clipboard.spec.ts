import sharp from 'sharp';
import { animation, picture } from '../support/media/pictures.ts';
import { VIDEO_MAKERS } from '../support/media/videos.ts';
import { expect, test } from './fixtures.ts';
import { addFile, clipboardPicture, contentOf, getItem, patchItem } from './items.ts';
import { ViewerPage } from './pages/viewer.page.ts';

test.use({ serverEnv: { OCR: 'off' } });

const PNG = '89504e470d0a1a0a';

test('a large picture, an animation and a video’s still come to the clipboard as a PNG of at most 1024 px', async ({
  signedIn: page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const viewer = new ViewerPage(page);
  const copy = async (id: string, what: 'image' | 'still' = 'image') => {
    await viewer.open(id);
    await viewer.button(`Copy ${what}`).click();
    await expect(viewer.dialog.getByText(new RegExp(`^${what} copied$`, 'i'))).toBeVisible();
    return clipboardPicture(page);
  };

  const blue = sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#1040c0' } });
  const large = await copy((await addFile(page, 'iso.jpg', await blue.jpeg().toBuffer())).id);
  expect(large).toMatchObject({ signature: PNG, width: 1024, height: 683 });
  const [red = 0, green = 0, sea = 0] = large.data;
  expect(Math.abs(red - 0x10) + Math.abs(green - 0x40) + Math.abs(sea - 0xc0)).toBeLessThan(12);

  const moving = await copy((await addFile(page, 'tanssi.gif', await animation(3, 64))).id, 'still');
  expect(moving).toMatchObject({ signature: PNG, width: 64, height: 64 });

  const video = await addFile(page, 'filmi.mp4', VIDEO_MAKERS.mp4());
  await expect.poll(async () => (await getItem(page, video.id)).posterUrl).not.toBeNull();
  expect(await copy(video.id, 'still')).toMatchObject({ signature: PNG, width: 320, height: 180 });
});

test(
  'the link works for everyone, and the download is named after the title',
  { tag: '@smoke' },
  async ({ signedIn: page, context, browser }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const file = await picture('jpeg');
    const item = await addFile(page, 'IMG_1234.JPG', file);
    await patchItem(page, item.id, { title: 'Kuka söi: viimeisen?' });
    const viewer = new ViewerPage(page);
    await viewer.open(item.id);
    await viewer.button('Copy link').click();
    await expect(viewer.dialog.getByText('Link copied')).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(link);
    await expect(stranger.getByRole('heading', { name: 'Kuka söi: viimeisen?' })).toBeVisible();
    const shown = stranger.getByRole('figure').locator('img');
    await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(320);
    await stranger.context().close();

    const downloading = page.waitForEvent('download');
    await viewer.dialog.getByRole('link', { name: 'Download' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^Kuka söi viimeisen[?_]?\.jpg$/);
    expect((await sharp(await contentOf(download)).metadata()).width).toBe(320);
  },
);
