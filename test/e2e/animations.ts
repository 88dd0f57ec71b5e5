import type { Page } from 'playwright/test';

/**
 * Waits until all finite animations have ended. A dialog that is opening is drawn smaller than it
 * is.
 */
export const atRest = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const moving = document
      .getAnimations()
      .filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime));
    // A cancelled animation has ended too.
    await Promise.allSettled(moving.map((animation) => animation.finished));
  });

/** Number of frames without movement. A keyboard scroll starts a frame or two after its key. */
const STILL_FRAMES = 10;

/** Waits until the page has drawn and has not scrolled for some frames. */
export const scrollAtRest = (page: Page): Promise<void> =>
  page.evaluate(async (frames) => {
    let top = window.scrollY;
    for (let still = 0; still < frames; still = window.scrollY === top ? still + 1 : 0) {
      top = window.scrollY;
      await new Promise((next) => requestAnimationFrame(next));
    }
  }, STILL_FRAMES);

/** Number of frames without an answer after which a page has loaded what it needs: about 0.5 s. */
const QUIET_FRAMES = 30;

/**
 * Waits until the page has its data and no further answers come. An open event stream does not
 * count, for it never ends.
 */
export async function requestsAtRest(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await page.evaluate(async (frames) => {
    const answers = () => performance.getEntriesByType('resource').length;
    const isBusy = () =>
      document.querySelector('[aria-busy=true], .home-waiting') !== null ||
      [...document.images].some((image) => image.loading !== 'lazy' && !image.complete);
    let count = answers();
    for (let quiet = 0; quiet < frames; quiet = answers() === count && !isBusy() ? quiet + 1 : 0) {
      count = answers();
      await new Promise((next) => requestAnimationFrame(next));
    }
  }, QUIET_FRAMES);
}

/** Waits until the page has its data, is drawn, and every visible picture is decoded. */
export async function pageAtRest(page: Page): Promise<void> {
  await requestsAtRest(page);
  await atRest(page);
  await page.evaluate(async () => {
    await Promise.allSettled(
      [...document.images].filter((image) => image.complete).map((image) => image.decode()),
    );
    await new Promise((next) => requestIdleCallback(next));
    await new Promise((next) => requestAnimationFrame(next));
  });
}

/**
 * Waits until the page has drawn twice and is idle. The effects of an interaction are then
 * complete.
 */
export const drawn = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame++) await new Promise((next) => requestAnimationFrame(next));
    await new Promise((next) => requestIdleCallback(next));
  });
