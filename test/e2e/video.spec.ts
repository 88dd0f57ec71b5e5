import { VIDEO_MAKERS } from '../support/media/videos.ts';
import { expect, test } from './fixtures.ts';
import { addFile, getItem } from './items.ts';
import { GridPage } from './pages/grid.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';

test.use({ serverEnv: { OCR: 'off' } });

/**
 * Runs in the page: allows sound only after a click, as browsers do. Each call of the test counts
 * as a gesture in the browser itself.
 */
function allowSoundAfterClick(): void {
  let clicked = false;
  addEventListener('pointerdown', () => (clicked = true), { capture: true });
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function playOrRefuse() {
    if (this.muted || clicked) return play.call(this);
    return Promise.reject(new DOMException('', 'NotAllowedError'));
  };
}

test(
  'a video plays at once, with sound after a click, and the next is as loud as the last',
  { tag: '@smoke' },
  async ({ signedIn: page }) => {
    await page.addInitScript(allowSoundAfterClick);
    const first = await addFile(page, 'eka-video.mp4', VIDEO_MAKERS.mp4());
    const second = await addFile(page, 'toka-video.mp4', VIDEO_MAKERS.mp4());
    for (const { id } of [first, second])
      await expect.poll(async () => (await getItem(page, id)).state).toBe('ready');
    const viewer = new ViewerPage(page);
    await viewer.open(first.id);
    await expect(viewer.video).toHaveAttribute('poster', (await getItem(page, first.id)).posterUrl ?? '');
    const state = () =>
      viewer.video.evaluate((video: HTMLVideoElement) => ({
        volume: video.volume,
        muted: video.muted,
        width: video.videoWidth,
        played: video.currentTime > 0.1,
      }));
    // Opened by its address: the browser allows no sound, and the page says how to get it.
    await expect.poll(state).toMatchObject({ volume: 1, muted: true, width: 320, played: true });
    const unmute = page.getByRole('button', { name: 'Turn on the sound' });
    await unmute.click();
    await expect.poll(state).toMatchObject({ volume: 1, muted: false });
    await expect(unmute).toHaveCount(0);
    await viewer.title.click();
    await page.keyboard.press('Space');
    await expect.poll(() => viewer.video.evaluate((video: HTMLVideoElement) => video.paused)).toBe(true);
    await viewer.video.evaluate((video: HTMLVideoElement) => {
      video.volume = 0.25;
      video.muted = true;
    });

    // Muted by the user: no button, and the next one is muted too.
    await viewer.open(second.id);
    await expect.poll(state).toMatchObject({ volume: 0.25, muted: true, played: true });
    await expect(unmute).toHaveCount(0);
    await viewer.video.evaluate((video: HTMLVideoElement) => {
      video.muted = false;
    });
    // Muted by the browser: the user's choice is not forgotten.
    await page.reload();
    await expect.poll(state).toMatchObject({ volume: 0.25, muted: true, played: true });
    await expect(unmute).toBeVisible();

    // Opened by a click: with sound, as loud as the last.
    await page.goto('/');
    await new GridPage(page).link(0).click();
    await expect.poll(state).toMatchObject({ volume: 0.25, muted: false, played: true });
    await expect(unmute).toHaveCount(0);
  },
);

test('a video in the folder plays where the pointer rests and where a finger holds, not when motion is to be reduced', async ({
  signedIn: page,
}) => {
  const { id } = await addFile(page, 'liikkuva.mp4', VIDEO_MAKERS.mp4());
  await expect.poll(async () => (await getItem(page, id)).state).toBe('ready');
  const grid = new GridPage(page);
  const film = grid.tiles().locator('video');
  const playing = () => film.evaluate((video: HTMLVideoElement) => video.muted && video.currentTime > 0);
  await page.goto('/');
  await grid.link(0).hover();
  await expect.poll(playing).toBe(true);
  await page.mouse.move(0, 0);
  await expect(film).toHaveCount(0);

  const lift = await grid.hold(0);
  await expect.poll(playing).toBe(true);
  await lift();

  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.clock.install();
  await page.goto('/');
  await grid.link(0).hover();
  await page.clock.runFor(1000);
  await expect(film).toHaveCount(0);
});

test('a silent clip plays by itself over and over, and not when motion is to be reduced', async ({
  signedIn: page,
}) => {
  const { id } = await addFile(page, 'hiljainen.mp4', VIDEO_MAKERS.silentMp4());
  const viewer = new ViewerPage(page);
  const playing = () => viewer.video.evaluate((video: HTMLVideoElement) => !video.paused && video.loop);
  await viewer.open(id);
  await expect.poll(playing).toBe(true);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await viewer.open(id);
  await viewer.video.evaluate((video: HTMLVideoElement) =>
    video.readyState > 1 ? null : new Promise((resolve) => video.addEventListener('loadeddata', resolve)),
  );
  expect(await playing()).toBe(false);
});
