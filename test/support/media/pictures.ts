import { randomInt } from 'node:crypto';
import sharp from 'sharp';

/** Draws a unique picture: a random colour field of the given size. */
export async function picture(
  format: 'png' | 'jpeg' | 'webp' | 'gif' = 'png',
  { width = 320, height = 200 }: { width?: number; height?: number } = {},
): Promise<Blob> {
  const background = { r: randomInt(256), g: randomInt(256), b: randomInt(256) };
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const image = sharp({ create: { width, height, channels: 3, background, noise } });
  const bytes = await image.toFormat(format).toBuffer();
  return new Blob([Uint8Array.from(bytes)], { type: `image/${format}` });
}

/** Draws a GIF of `frames` plain frames, 100 ms each. */
export async function animation(frames = 3, side = 40): Promise<Blob> {
  const pages = Array.from({ length: frames }, () => ({
    create: {
      width: side,
      height: side,
      channels: 3 as const,
      background: { r: randomInt(256), g: randomInt(256), b: randomInt(256) },
    },
  }));
  const raws = await Promise.all(pages.map((page) => sharp(page).png().toBuffer()));
  const bytes = await sharp(raws, { join: { animated: true } })
    .gif({ delay: pages.map(() => 100) })
    .toBuffer();
  return new Blob([Uint8Array.from(bytes)], { type: 'image/gif' });
}

/** Draws dark words on white in the system's default font; needs no browser. */
export async function pictureOfWords(...lines: string[]): Promise<Blob> {
  const text = lines
    .map((line, i) => `<text x="40" y="${110 + i * 110}" font-size="72">${line}</text>`)
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="${lines.length * 110 + 60}">
    <rect width="100%" height="100%" fill="#fff"/><g font-family="DejaVu Sans, Liberation Sans, sans-serif">${text}</g></svg>`;
  return new Blob([Uint8Array.from(await sharp(Buffer.from(svg)).png().toBuffer())], { type: 'image/png' });
}
