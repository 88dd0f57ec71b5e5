import type { Page } from 'playwright/test';

/** Waits until nothing moves that comes to an end: a dialog that is opening is drawn smaller than it is. */
export const atRest = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const moving = document
      .getAnimations()
      .filter((animation) => Number.isFinite(animation.effect?.getComputedTiming().endTime));
    // One that is called off has come to rest as well.
    await Promise.allSettled(moving.map((animation) => animation.finished));
  });
