import type { Page } from 'playwright/test';
import { atRest } from './animations.ts';

/** Minimum size of a tap target, pixels: WCAG 2.5.5, less half a pixel for rounding. */
const TARGET_PX = 43.5;

/**
 * Lists the tap targets that are too small in the open dialog, or else on the page, with their
 * size. Links within a sentence are exempt, as in WCAG 2.5.8. Measures after all animations have
 * ended.
 */
export async function tooSmall(page: Page): Promise<string[]> {
  await atRest(page);
  return page.evaluate((least) => {
    const top = document.querySelector('dialog[open]') ?? document.body;
    return [
      ...top.querySelectorAll('a[href], button, input, select, textarea, summary, [role=tab], [role=option]'),
    ]
      .filter((element) => element.checkVisibility({ opacityProperty: false, visibilityProperty: true }))
      .filter((element) => !element.matches('p a, .unseen, .skip'))
      .flatMap((element) => {
        // A tap on a label reaches its input.
        const target = element.closest('label') ?? element;
        const { width, height } = target.getBoundingClientRect();
        if (width === 0 || (width >= least && height >= least)) return [];
        const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
        return [`${element.tagName} ${name.slice(0, 30)}: ${width.toFixed(0)} × ${height.toFixed(0)}`];
      });
  }, TARGET_PX);
}
