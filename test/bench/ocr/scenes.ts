import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { Random } from './random.ts';

type Rgb = readonly [number, number, number];

const PALETTES: readonly (readonly [Rgb, Rgb, Rgb])[] = [
  [
    [28, 52, 30],
    [94, 140, 62],
    [206, 214, 170],
  ],
  [
    [20, 30, 60],
    [90, 130, 190],
    [240, 244, 250],
  ],
  [
    [60, 36, 20],
    [170, 110, 60],
    [240, 216, 180],
  ],
  [
    [20, 20, 24],
    [110, 100, 110],
    [235, 225, 215],
  ],
  [
    [70, 20, 40],
    [200, 90, 70],
    [250, 214, 120],
  ],
  [
    [10, 60, 70],
    [60, 160, 160],
    [220, 240, 220],
  ],
  [
    [40, 30, 70],
    [150, 90, 180],
    [250, 220, 240],
  ],
];

/** Value noise of several octaves, 0–1. The stretch makes it look like clouds, rock or foliage. */
function fractal(
  random: Random,
  width: number,
  height: number,
  stretch: number,
  octaves: number,
): Float32Array {
  const field = new Float32Array(width * height);
  let amplitude = 1;
  let total = 0;
  let cells = random.between(2, 5);
  for (let octave = 0; octave < octaves; octave += 1) {
    const columns = Math.ceil(cells * stretch) + 2;
    const rows = Math.ceil((cells * height) / width) + 2;
    const grid = Float32Array.from({ length: columns * rows }, () => random.next());
    for (let y = 0; y < height; y += 1) {
      const gy = (y / height) * (rows - 2);
      const y0 = Math.floor(gy);
      const fy = smooth(gy - y0);
      for (let x = 0; x < width; x += 1) {
        const gx = (x / width) * (columns - 2);
        const x0 = Math.floor(gx);
        const fx = smooth(gx - x0);
        const at = y0 * columns + x0;
        const top = mix(grid[at] ?? 0, grid[at + 1] ?? 0, fx);
        const bottom = mix(grid[at + columns] ?? 0, grid[at + columns + 1] ?? 0, fx);
        field[y * width + x] = (field[y * width + x] ?? 0) + amplitude * mix(top, bottom, fy);
      }
    }
    total += amplitude;
    amplitude *= random.between(0.45, 0.65);
    cells *= 2;
  }
  return field.map((value) => value / total);
}

const smooth = (t: number) => t * t * (3 - 2 * t);
const mix = (a: number, b: number, t: number) => a + (b - a) * t;

function shade([dark, middle, light]: readonly [Rgb, Rgb, Rgb], t: number, channel: 0 | 1 | 2): number {
  return t < 0.5
    ? mix(dark[channel], middle[channel], t * 2)
    : mix(middle[channel], light[channel], t * 2 - 1);
}

const colour = (random: Random) => `rgb(${random.int(0, 255)},${random.int(0, 255)},${random.int(0, 255)})`;

/**
 * Draws details that letter detection may mistake for text: windows, branches, bricks, faces,
 * grass, stars.
 */
function clutter(random: Random, width: number, height: number): string {
  const parts: string[] = [];
  const kinds = ['windows', 'branches', 'bricks', 'blobs', 'grass', 'stars', 'face', 'stripes'] as const;
  for (let count = random.int(1, 3); count > 0; count -= 1) {
    const kind = random.pick(kinds);
    if (kind === 'windows') {
      const size = random.between(width / 40, width / 14);
      const [x0, y0] = [random.between(0, width * 0.6), random.between(0, height * 0.5)];
      const fill = colour(random);
      parts.push(
        `<rect x="${x0 - size}" y="${y0 - size}" width="${size * 11}" height="${size * 9}" fill="${colour(random)}"/>`,
      );
      for (let row = 0; row < 4; row += 1)
        for (let column = 0; column < 6; column += 1)
          if (random.chance(0.85))
            parts.push(
              `<rect x="${x0 + column * size * 1.6}" y="${y0 + row * size * 2}" width="${size}" height="${size * 1.4}" fill="${fill}"/>`,
            );
    } else if (kind === 'branches') {
      for (let branch = 0; branch < 25; branch += 1) {
        const [x, y] = [random.between(0, width), random.between(0, height)];
        parts.push(
          `<path d="M${x} ${y}q${random.between(-80, 80)} ${random.between(-80, 80)} ${random.between(-160, 160)} ${random.between(-160, 160)}" fill="none" stroke="${random.chance(0.5) ? '#1d1712' : '#e9e4da'}" stroke-width="${random.between(1, 9)}"/>`,
        );
      }
    } else if (kind === 'bricks') {
      const [w, h] = [random.between(30, 70), random.between(14, 30)];
      const base = random.int(90, 190);
      for (let y = height * random.between(0, 0.6), row = 0; y < height; y += h + 3, row += 1)
        for (let x = -w * (row % 2 ? 0.5 : 0); x < width; x += w + 3)
          parts.push(
            `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="rgb(${base + random.int(-20, 20)},${Math.round(base * 0.6) + random.int(-15, 15)},${Math.round(base * 0.5)})"/>`,
          );
    } else if (kind === 'blobs') {
      for (let blob = 0; blob < 14; blob += 1)
        parts.push(
          `<ellipse cx="${random.between(0, width)}" cy="${random.between(0, height)}" rx="${random.between(8, width / 6)}" ry="${random.between(8, height / 6)}" fill="${colour(random)}" opacity="${random.between(0.3, 1)}"/>`,
        );
    } else if (kind === 'grass') {
      const base = height * random.between(0.6, 0.9);
      for (let blade = 0; blade < 220; blade += 1) {
        const x = random.between(0, width);
        parts.push(
          `<path d="M${x} ${height}Q${x + random.between(-10, 10)} ${base} ${x + random.between(-30, 30)} ${base - random.between(0, 60)}" fill="none" stroke="rgb(${random.int(30, 140)},${random.int(90, 200)},${random.int(20, 80)})" stroke-width="${random.between(1, 4)}"/>`,
        );
      }
    } else if (kind === 'stars') {
      for (let star = 0; star < 90; star += 1)
        parts.push(
          `<circle cx="${random.between(0, width)}" cy="${random.between(0, height)}" r="${random.between(0.5, 5)}" fill="#fff" opacity="${random.between(0.4, 1)}"/>`,
        );
    } else if (kind === 'face') {
      const [cx, cy] = [
        random.between(width * 0.25, width * 0.75),
        random.between(height * 0.3, height * 0.7),
      ];
      const r = random.between(height / 8, height / 3.5);
      const skin = `rgb(${random.int(150, 245)},${random.int(110, 200)},${random.int(80, 170)})`;
      parts.push(
        `<ellipse cx="${cx}" cy="${cy}" rx="${r * 0.8}" ry="${r}" fill="${skin}"/>`,
        `<path d="M${cx - r * 0.85} ${cy - r * 0.2}Q${cx} ${cy - r * 1.9} ${cx + r * 0.85} ${cy - r * 0.2}Q${cx} ${cy - r} ${cx - r * 0.85} ${cy - r * 0.2}" fill="${colour(random)}"/>`,
        ...[-1, 1].map(
          (side) =>
            `<ellipse cx="${cx + side * r * 0.33}" cy="${cy - r * 0.15}" rx="${r * 0.16}" ry="${r * 0.1}" fill="#fff"/><circle cx="${cx + side * r * 0.33}" cy="${cy - r * 0.15}" r="${r * 0.08}" fill="#20160f"/>`,
        ),
        `<path d="M${cx - r * 0.3} ${cy + r * 0.45}Q${cx} ${cy + r * 0.7} ${cx + r * 0.3} ${cy + r * 0.45}" fill="#fff" stroke="#7a2a2a" stroke-width="${r * 0.05}"/>`,
      );
    } else {
      const step = random.between(8, 40);
      const fill = colour(random);
      for (let x = random.between(0, width / 2), until = x + width / 2; x < until; x += step * 2)
        parts.push(
          `<rect x="${x}" y="${height * 0.2}" width="${step}" height="${height * 0.5}" fill="${fill}" opacity="0.7"/>`,
        );
    }
  }
  return parts.join('');
}

let photos: readonly string[] = [];

/** Uses the photos of a folder (JPEG or PNG, without text) for all later scenes. */
export function usePhotos(folder: string): void {
  photos = readdirSync(folder)
    .filter((name) => /\.(jpe?g|png)$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Returns a part of a photo that fills the scene. */
async function photoScene(random: Random, width: number, height: number): Promise<Sharp> {
  const whole = sharp(random.pick(photos)).autoOrient();
  const covering = whole.resize(
    Math.ceil(width * random.between(1, 1.5)),
    Math.ceil(height * random.between(1, 1.5)),
    {
      fit: 'cover',
    },
  );
  const { data, info } = await covering
    .flatten()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const cut = sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } }).extract({
    left: random.int(0, info.width - width),
    top: random.int(0, info.height - height),
    width,
    height,
  });
  return sharp(await cut.raw().toBuffer(), { raw: { width, height, channels: 3 } });
}

/**
 * Draws a busy picture without text, in raw RGB. Fractal colours lie under clutter, with the blur,
 * light and grain of a photo.
 */
export async function drawScene(random: Random, width: number, height: number): Promise<Sharp> {
  if (photos.length > 0) return photoScene(random, width, height);
  const palette = random.pick(PALETTES);
  // Drawn at half size: the shapes of a photo make it hard to read. The grain is added at full
  // size.
  const [w, h] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const field = fractal(random, w, h, random.pick([1, 1, 2.5, 0.4]), random.int(4, 7));
  const contrast = random.between(1, 2.6);
  const lit = random.between(-0.25, 0.25);
  const pixels = Buffer.alloc(w * h * 3);
  for (let y = 0; y < h; y += 1) {
    const light = lit * (y / h - 0.5) * 2;
    for (let x = 0; x < w; x += 1) {
      const t = Math.min(1, Math.max(0, ((field[y * w + x] ?? 0) - 0.5) * contrast + 0.5 + light));
      for (const channel of [0, 1, 2] as const)
        pixels[(y * w + x) * 3 + channel] = shade(palette, t, channel);
    }
  }
  const ground = await sharp(pixels, { raw: { width: w, height: h, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const things = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${clutter(random, width, height)}</svg>`,
  );
  const { data } = await sharp(ground)
    .composite([{ input: things }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const blurred = random.chance(0.7)
    ? await sharp(data, { raw: { width, height, channels: 3 } })
        .blur(random.between(0.4, 1.8))
        .raw()
        .toBuffer()
    : data;
  const grain = random.between(0, 14);
  for (let i = 0; i < blurred.length; i += 3) {
    const noise = (random.next() + random.next() - 1) * grain;
    for (let c = 0; c < 3; c += 1) blurred[i + c] = Math.min(255, Math.max(0, (blurred[i + c] ?? 0) + noise));
  }
  return sharp(blurred, { raw: { width, height, channels: 3 } });
}
