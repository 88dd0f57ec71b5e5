import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';

const publicFolder = join(import.meta.dirname, 'public');

/** Background of a maskable icon: the page's own colour in the light theme. */
const GROUND = '#f8f7f3';

/**
 * PNG icons by side length in CSS pixels. A maskable icon guarantees only a circle of 80 % (W3C,
 * Web Application Manifest, "Icon masks"). A square of 56 % fits into it. Apple only rounds the
 * corners.
 */
const ICONS = [
  { name: 'icon-192', side: 192, drawn: 1 },
  { name: 'icon-512', side: 512, drawn: 1 },
  { name: 'icon-maskable-192', side: 192, drawn: 0.58, ground: GROUND },
  { name: 'icon-maskable-512', side: 512, drawn: 0.58, ground: GROUND },
  { name: 'apple-touch-icon', side: 180, drawn: 0.76, ground: GROUND },
];

/**
 * Renders `client/public/icon.svg` in every size and shape into a folder; `npm run icons` runs it.
 */
async function drawIcons(folder: string): Promise<void> {
  const svg = await readFile(join(publicFolder, 'icon.svg'));
  for (const { name, side, drawn, ground } of ICONS) {
    const inner = Math.round(side * drawn);
    const picture = await sharp(svg, { density: (72 * inner) / 48 })
      .resize(inner, inner)
      .png()
      .toBuffer();
    await sharp({
      create: { width: side, height: side, channels: 4, background: ground ?? '#0000' },
    })
      .composite([{ input: picture }])
      .png({ compressionLevel: 9, palette: true })
      .toFile(join(folder, `${name}.png`))
      .catch((cause: unknown) => {
        throw new Error(`The icon ${name} could not be written.`, { cause });
      });
  }
}

const { values } = parseArgs({ options: { out: { type: 'string', default: publicFolder } } });
await drawIcons(values.out);
