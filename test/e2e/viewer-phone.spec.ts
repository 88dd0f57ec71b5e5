import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';
import { VIDEO_MAKERS } from '../support/media/videos.ts';
import { addFile, getItem } from './items.ts';
import { HomePage } from './pages/home.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { plain } from './pictures.ts';
import { atRest } from './animations.ts';
import { tooSmall } from './targets.ts';
import { touch } from './touches.ts';

test.use({ serverEnv: { OCR: 'off' } });

/**
 * Taps twice at once. Both taps are sent without waiting: on a busy machine, waiting takes longer
 * than a finger.
 */
async function tapTwice(page: Page, point: { x: number; y: number }): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchEnd') =>
    cdp.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchStart' ? [{ ...point, id: 0 }] : [],
    });
  await Promise.all([send('touchStart'), send('touchEnd'), send('touchStart'), send('touchEnd')]);
  await cdp.detach();
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('fingers swipe, pinch, tap twice and draw down to close; everything is large enough for a thumb', async ({
    signedIn: page,
  }) => {
    const [older, newer] = [
      await addFile(page, 'vanhempi.png', await plain(900, 900)),
      await addFile(page, 'uudempi.png', await plain(900, 900)),
    ];
    const folder = new HomePage(page);
    const viewer = new ViewerPage(page);
    await folder.open();
    await folder.pictures.first().tap();
    await expect(viewer.title).toHaveText('uudempi');
    await expect(viewer.picture).toBeVisible();
    const at = (x: number, y: number) => ({ x, y });
    const width = async () => Math.round((await viewer.picture.boundingBox())?.width ?? 0);
    await atRest(page);
    const rest = await width();

    await touch(page, [at(300, 200)], [at(220, 202)], [at(120, 204)]);
    await expect(viewer.title).toHaveText('vanhempi');
    expect(viewer.shownId()).toBe(older?.id);
    await touch(page, [at(100, 200)], [at(200, 202)], [at(280, 204)]);
    await expect(viewer.title).toHaveText('uudempi');
    expect(viewer.shownId()).toBe(newer?.id);

    await touch(
      page,
      [at(150, 200), at(240, 200)],
      [at(120, 200), at(270, 200)],
      [at(105, 200), at(285, 200)],
    );
    await expect.poll(width).toBe(rest * 2);
    await tapTwice(page, at(195, 200));
    await expect.poll(width).toBe(rest);
    await tapTwice(page, at(195, 200));
    await expect.poll(width).toBe(Math.round(rest * 2.5));
    await page.keyboard.press('0');
    await expect.poll(width).toBe(rest);

    expect(await tooSmall(page)).toEqual([]);

    await touch(page, [at(195, 150)], [at(196, 230)], [at(197, 330)]);
    await expect(viewer.dialog).toHaveCount(0);
  });

  test('a swipe over a playing video changes the item, and one on its controls does not', async ({
    signedIn: page,
  }) => {
    const older = await addFile(page, 'vanhempi.mp4', VIDEO_MAKERS.mp4());
    const newer = await addFile(page, 'uudempi.mp4', VIDEO_MAKERS.silentMp4());
    for (const { id } of [older, newer])
      await expect.poll(async () => (await getItem(page, id)).state).toBe('ready');
    const viewer = new ViewerPage(page);
    await new HomePage(page).open();
    await page.locator(`[data-id="${newer.id}"]`).tap();
    await expect(viewer.title).toHaveText('uudempi');
    const playing = () => viewer.video.evaluate((video: HTMLVideoElement) => video.currentTime > 0);
    await expect.poll(playing).toBe(true);
    await atRest(page);
    const { y, height } = (await viewer.video.boundingBox()) ?? { y: 0, height: 0 };
    const swipe = (at: number, from: number, to: number) =>
      touch(page, [{ x: from, y: at }], [{ x: (from + to) / 2, y: at + 1 }], [{ x: to, y: at + 2 }]);

    await swipe(y + height - 24, 300, 120);
    expect(viewer.shownId()).toBe(newer.id);
    await swipe(y + 40, 300, 120);
    await expect(viewer.title).toHaveText('vanhempi');
    await expect.poll(playing).toBe(true);
    await swipe(y + 40, 100, 280);
    await expect(viewer.title).toHaveText('uudempi');
    await touch(page, [{ x: 195, y: y + 20 }], [{ x: 196, y: y + 90 }], [{ x: 197, y: y + 190 }]);
    await expect(viewer.dialog).toHaveCount(0);
  });
});
