import type { Page } from 'playwright/test';
import { pageAtRest } from '../e2e/animations.ts';

/** One interaction: its kind and the time until its paint, milliseconds. */
export interface Interaction {
  what: string;
  ms: number;
}

/**
 * Starts to record every interaction of this page, as the browser times it (Event Timing, to the
 * next paint).
 */
export async function watchInteractions(page: Page): Promise<void> {
  await page.evaluate(() => {
    const noted = new Map<number, Interaction>();
    Object.assign(globalThis, { noted });
    // The threshold belongs to the Event Timing specification; TypeScript's library lacks it.
    const watched: PerformanceObserverInit & { durationThreshold: number } = {
      type: 'event',
      durationThreshold: 16,
    };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!(entry instanceof PerformanceEventTiming) || entry.interactionId === 0) continue;
        const known = noted.get(entry.interactionId);
        const on = entry.target instanceof Element ? entry.target.className || entry.target.tagName : '';
        if (!known || known.ms < entry.duration)
          noted.set(entry.interactionId, { what: `${entry.name} ${on}`, ms: entry.duration });
      }
    }).observe(watched);
  });
}

/**
 * Returns the interactions since the last call, the slowest first. Browsers do not record those
 * under 16 ms.
 */
export async function takeInteractions(page: Page): Promise<Interaction[]> {
  // The browser delivers entries some time after the paint.
  await pageAtRest(page);
  return page.evaluate(() => {
    const noted: Map<number, { what: string; ms: number }> = Reflect.get(globalThis, 'noted');
    const taken = [...noted.values()].toSorted((a, b) => b.ms - a.ms);
    noted.clear();
    return taken;
  });
}

/**
 * Returns the Interaction to Next Paint of a visit: the slowest interaction. For every fifty
 * interactions, it leaves out one.
 * https://web.dev/articles/inp
 * @param slowest the recorded interactions, slowest first
 * @param count number of all interactions, including those too quick to be recorded
 */
export const inpOf = (slowest: readonly Interaction[], count: number): number =>
  slowest[Math.min(slowest.length - 1, Math.floor(count / 50))]?.ms ?? 0;
