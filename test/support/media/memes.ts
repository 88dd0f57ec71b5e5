import type { BrowserContext } from 'playwright';

const SIZES = [
  [900, 700],
  [700, 900],
  [800, 800],
  [1000, 620],
] as const;

/**
 * Draws a typical meme: a caption in white capitals with a black outline over a colourful scene.
 * JPEG.
 */
export async function drawMeme(
  context: BrowserContext,
  top: string,
  bottom: string,
  seed: number,
): Promise<Buffer> {
  const [width, height] = SIZES[seed % SIZES.length] ?? [800, 800];
  const hue = (seed * 67) % 360;
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  await page.setContent(`<style>
      body { margin: 0; width: ${width}px; height: ${height}px; overflow: hidden; position: relative;
        background: radial-gradient(circle at ${20 + ((seed * 31) % 60)}% 40%, hsl(${hue} 80% 70%), hsl(${hue + 50} 60% 35%)); }
      i { position: absolute; border-radius: 50%; left: 50%; top: 55%; translate: -50% -50%; width: 46%; aspect-ratio: 1;
        background: hsl(${hue + 180} 70% 60%); box-shadow: 0 0 0 24px hsl(${hue + 200} 60% 45%); }
      i::before, i::after { content: ''; position: absolute; top: 32%; width: 12%; aspect-ratio: 1; border-radius: 50%; background: #222; }
      i::before { left: 26%; } i::after { right: 26%; }
      b { position: absolute; left: 4%; right: 4%; text-align: center; color: #fff; font: 900 ${width / 13}px Impact, 'Liberation Sans', 'DejaVu Sans', sans-serif;
        -webkit-text-stroke: ${width / 130}px #000; paint-order: stroke fill; }
      .top { top: 4%; } .bottom { bottom: 4%; }
    </style><i></i><b class="top">${top}</b><b class="bottom">${bottom}</b>`);
  const picture = await page.screenshot({ type: 'jpeg', quality: 85 });
  await page.close();
  return picture;
}
