import { join } from 'node:path';
import sharp from 'sharp';

/** Light, as the page is: the folder's own yellow would hide it. */
const BACKGROUND = '#fff6d6';

/**
 * How much of the width the picture takes. A maskable icon may be cut to a circle of 80 %
 * (https://w3c.github.io/manifest/#icon-masks), and a square of 56 % fits into it.
 */
const ICONS = [
  { name: 'icon-192.png', size: 192, part: 1, background: '#0000' },
  { name: 'icon-512.png', size: 512, part: 1, background: '#0000' },
  { name: 'icon-maskable.png', size: 512, part: 0.56, background: BACKGROUND },
  // iOS rounds the corners itself and paints what is transparent black.
  { name: 'icon-180.png', size: 180, part: 0.76, background: BACKGROUND },
] as const;

/** Draws `icon.svg` of a folder in the sizes that phones ask for, beside it. */
export async function drawIcons(folder: string): Promise<void> {
  for (const { name, size, part, background } of ICONS) {
    const width = Math.round(size * part);
    const picture = await sharp(join(folder, 'icon.svg'), { density: (72 * width) / 48 })
      .resize(width, width)
      .toBuffer();
    await sharp({ create: { width: size, height: size, channels: 4, background } })
      .composite([{ input: picture, gravity: 'centre' }])
      .png({ palette: true })
      .toFile(join(folder, name));
  }
}
