import sharp from 'sharp';
import { INDOORS } from './scenes/indoors.ts';
import { OUTDOORS } from './scenes/outdoors.ts';
import { randomOf, type Random } from './seeded.ts';

const SCENES = Object.values({ ...INDOORS, ...OUTDOORS });
const SIZES = [
  [540, 420],
  [420, 540],
  [480, 480],
  [600, 372],
  [372, 600],
] as const;

export interface Template {
  width: number;
  height: number;
  /** PNG without words. */
  picture: Buffer;
  /** The place of the words of its memes: over the picture, or on a band above it. */
  captions: 'over' | 'above';
  /** The drawn scene behind the objects; `null` for a photograph. */
  scene: string | null;
}

/**
 * Makes the picture of a template, a different one for each seed. It is a drawn scene with objects,
 * or a soft photograph with shapes and grain.
 */
export async function makeTemplate(seed: number): Promise<Template> {
  const random = randomOf(seed * 7919 + 11);
  const [width, height] = SIZES[Math.floor(random() * SIZES.length)] ?? SIZES[0];
  const scene = seed % 2 === 0 ? (SCENES[Math.floor(random() * SCENES.length)] ?? '') : null;
  const picture = await (scene === null
    ? photograph(random, width, height)
    : drawing(scene, random, width, height));
  return { width, height, picture, captions: seed % 4 < 3 ? 'over' : 'above', scene };
}

const colour = (random: Random) =>
  `hsl(${Math.floor(random() * 360)} ${20 + Math.floor(random() * 70)}% ${15 + Math.floor(random() * 70)}%)`;

/** Draws a scene with objects of random places, sizes and colours before it. */
function drawing(scene: string, random: Random, width: number, height: number): Promise<Buffer> {
  const objects = Array.from({ length: 4 + Math.floor(random() * 7) }, () => {
    const [x, y, w, h] = [random() * 100, random() * 100, 6 + random() * 30, 6 + random() * 30];
    return random() < 0.5
      ? `<ellipse cx="${x}" cy="${y}" rx="${w / 2}" ry="${h / 2}" fill="${colour(random)}"/>`
      : `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="2" fill="${colour(random)}" transform="rotate(${random() * 60 - 30} ${x} ${y})"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 100 100" preserveAspectRatio="xMidYMid slice">${scene}${objects.join('')}</svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: '#888' }).png({ compressionLevel: 1 }).toBuffer();
}

/** Makes a soft field of colours in two sizes of detail, with grain. */
async function photograph(random: Random, width: number, height: number): Promise<Buffer> {
  const field = async (cells: number) => {
    const [w, h] = [cells, Math.max(2, Math.round((cells * height) / width))];
    const data = Buffer.from(Array.from({ length: w * h * 3 }, () => Math.floor(random() * 256)));
    return sharp(data, { raw: { width: w, height: h, channels: 3 } })
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .png({ compressionLevel: 1 })
      .toBuffer();
  };
  const grain = Buffer.from(Array.from({ length: 160 * 160 }, () => 108 + Math.floor(random() * 40)));
  const grainTile = await sharp(grain, { raw: { width: 160, height: 160, channels: 1 } })
    .png()
    .toBuffer();
  return sharp(await field(4 + Math.floor(random() * 4)))
    .composite([
      {
        input: await sharp(await field(14))
          .ensureAlpha(0.45)
          .png({ compressionLevel: 1 })
          .toBuffer(),
      },
      { input: grainTile, tile: true, blend: 'soft-light' },
    ])
    .png({ compressionLevel: 1 })
    .toBuffer();
}

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Writes words over a template, or on a white band above it. PNG. */
export async function writeMeme(template: Template, top: string, bottom: string): Promise<Buffer> {
  const { width, height, picture, captions } = template;
  const line = (words: string, y: number, style: string) =>
    `<text x="50%" y="${y}" text-anchor="middle" font-family="DejaVu Sans, Liberation Sans, sans-serif" font-weight="700" font-size="${width / 16}" ${style}>${escape(words)}</text>`;
  const svg = (h: number, inner: string) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${h}">${inner}</svg>`);
  if (captions === 'over') {
    const style = `fill="#fff" stroke="#000" stroke-width="${width / 160}" paint-order="stroke"`;
    const words = svg(height, line(top, height * 0.1, style) + line(bottom, height * 0.95, style));
    return sharp(picture)
      .composite([{ input: words }])
      .png({ compressionLevel: 1 })
      .toBuffer();
  }
  const band = Math.round(width / 5);
  const words = svg(band, line(top, band * 0.42, 'fill="#111"') + line(bottom, band * 0.82, 'fill="#111"'));
  return sharp(picture)
    .extend({ top: band, background: '#fff' })
    .composite([{ input: words, top: 0, left: 0 }])
    .png({ compressionLevel: 1 })
    .toBuffer();
}
