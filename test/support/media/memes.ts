import type { BrowserContext } from 'playwright';
import { INDOORS } from './scenes/indoors.ts';
import { OUTDOORS } from './scenes/outdoors.ts';

const SIZES = [
  [900, 700],
  [700, 900],
  [800, 800],
  [1000, 620],
] as const;

const SCENES = { ...INDOORS, ...OUTDOORS };

/** Name of a drawn scene. */
export type Scene = keyof typeof SCENES;

const NAMES = Object.values(SCENES);

/**
 * Draws a typical meme: a caption in white capitals with a black outline over a drawn scene. JPEG.
 *
 * @param scene its name, or any number
 */
export async function drawMeme(
  context: BrowserContext,
  top: string,
  bottom: string,
  seed: number,
  scene?: Scene,
): Promise<Buffer> {
  const [width, height] = SIZES[seed % SIZES.length] ?? [800, 800];
  const drawing = scene ? SCENES[scene] : NAMES[seed % NAMES.length];
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  await page.setContent(`<style>
      body { margin: 0; width: ${width}px; height: ${height}px; overflow: hidden; position: relative; }
      svg { position: absolute; inset: 0; width: 100%; height: 100%; }
      b { position: absolute; left: 4%; right: 4%; text-align: center; color: #fff; font: 900 ${width / 13}px Impact, 'Liberation Sans', 'DejaVu Sans', sans-serif;
        -webkit-text-stroke: ${width / 130}px #000; paint-order: stroke fill; }
      .top { top: 4%; } .bottom { bottom: 4%; }
    </style><svg viewBox="0 0 100 100" preserveAspectRatio="xMidYMid slice">${drawing}</svg><b class="top">${top}</b><b class="bottom">${bottom}</b>`);
  const picture = await page.screenshot({ type: 'jpeg', quality: 85 });
  await page.close();
  return picture;
}
