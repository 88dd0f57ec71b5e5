import type { Page } from 'playwright/test';

interface Point {
  x: number;
  y: number;
}

/** Sends touches through the browser's input: a list of positions for each moment. */
export async function touch(page: Page, ...moments: Point[][]): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const points = (moment: Point[]) => moment.map((point, id) => ({ ...point, id }));
  for (const [i, moment] of moments.entries()) {
    await cdp.send('Input.dispatchTouchEvent', {
      type: i === 0 ? 'touchStart' : 'touchMove',
      touchPoints: points(moment),
    });
  }
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await cdp.detach();
}

/** Time between the moments of a slow drag, in seconds. */
const MOMENT_S = 0.2;

/** Draws a finger slowly through these points and rests before it is lifted. */
export async function dragSlowly(page: Page, ...path: Point[]): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const now = await page.evaluate(() => (performance.timeOrigin + performance.now()) / 1000);
  for (const [i, point] of path.entries()) {
    await cdp.send('Input.dispatchTouchEvent', {
      type: i === 0 ? 'touchStart' : 'touchMove',
      touchPoints: [{ ...point, id: 0 }],
      timestamp: now + (i - path.length) * MOMENT_S,
    });
  }
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [], timestamp: now });
  await cdp.detach();
}
