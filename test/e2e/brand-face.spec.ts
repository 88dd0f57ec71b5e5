import type { Page } from 'playwright/test';
import { drawn, pageAtRest } from './animations.ts';
import { expect, test } from './fixtures.ts';
import { addFile } from './items.ts';
import { GridPage } from './pages/grid.page.ts';
import { png } from './png.ts';

// A worker would answer for the font, and a test could not hold it back.
test.use({ serverEnv: { OCR: 'off' }, serviceWorkers: 'block' });

/** Letters and signs of Finnish and English headings, and the foreign letters of Finnish. */
const GLYPHS =
  'ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖabcdefghijklmnopqrstuvwxyzåäö0123456789éÉüßñŠšŽž' +
  '.,:;!?-–—’‘”“„…•·"\'()[]/\\&%+=<>@#*_«»£€§°½';

/** Holds the brand face back, and collects what moves without anybody’s doing. */
async function holdFace(page: Page) {
  const face = Promise.withResolvers<undefined>();
  await page.route('**/*.woff2', async (route) => {
    await face.promise;
    await route.continue();
  });
  await page.addInitScript(() => {
    const moved: string[] = [];
    Object.assign(window, { moved });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const nodes: { node?: Element | null }[] = Reflect.get(entry, 'sources');
        moved.push(...nodes.map(({ node }) => node?.outerHTML?.slice(0, 200) ?? 'a node that is gone'));
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return { arrive: () => face.resolve(undefined) };
}

const moved = (page: Page): Promise<unknown> => page.evaluate(() => Reflect.get(window, 'moved'));

/** Status of the first file of the face: `unloaded`, `loading`, `loaded` or `error`. */
const statusOfFace = (page: Page) =>
  page.evaluate(() => [...document.fonts].find(({ family }) => family === 'Fredoka')?.status);

/** Lets the face come and tells what it moved. */
async function arrival(page: Page, arrive: () => void): Promise<unknown> {
  await expect.poll(() => statusOfFace(page)).toBe('loading');
  await drawn(page);
  arrive();
  await expect.poll(() => statusOfFace(page)).toBe('loaded');
  await pageAtRest(page);
  return await moved(page);
}

test('the brand face comes late to the sign-in page without moving anything', async ({ page }) => {
  const { arrive } = await holdFace(page);
  await page.goto('/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await arrival(page, arrive)).toEqual([]);
});

for (const [where, viewport] of [
  ['a desktop', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
] as const)
  test.describe(`on ${where}`, () => {
    test.use({ viewport });

    test('the brand face comes late to the folder without moving anything', async ({ signedIn: page }) => {
      for (let id = 0; id < 12; id++) await addFile(page, `${id}.png`, await png(id));
      await page.goto('about:blank');
      const { arrive } = await holdFace(page);
      await page.goto('/');
      await expect(new GridPage(page).tiles()).toHaveCount(12);
      expect(await arrival(page, arrive)).toEqual([]);
    });
  });

test('the brand face has the glyphs of Finnish and English', async ({ page }) => {
  await page.goto('/');
  await page.evaluate((text) => document.fonts.load('700 20px Fredoka', text), GLYPHS);
  const missing = await page.evaluate((text) => {
    const pen = document.createElement('canvas').getContext('2d');
    if (!pen) throw new Error('no canvas');
    const width = (font: string, glyph: string) => {
      pen.font = `700 200px ${font}`;
      return pen.measureText(glyph).width;
    };
    // A glyph that is missing is as wide as in the next face.
    return Array.from(text).filter(
      (glyph) => width('Fredoka, serif', glyph) !== width('Fredoka, monospace', glyph),
    );
  }, `${GLYPHS}Ж`);
  expect(missing).toEqual(['Ж']);
});
