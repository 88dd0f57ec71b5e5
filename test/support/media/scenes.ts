import sharp from 'sharp';

const SIZES = [
  [1080, 810],
  [900, 1200],
  [1080, 1080],
  [1280, 720],
  [720, 1100],
] as const;

/**
 * Draws a picture with the weight of a photo (hills in haze, grain) and a caption, without a
 * browser. JPEG, about a thousand pixels wide, a different one for each seed.
 */
export async function drawScene(seed: number): Promise<Buffer> {
  const [width, height] = SIZES[seed % SIZES.length] ?? SIZES[0];
  const hue = (seed * 47) % 360;
  const hills = Array.from({ length: 5 }, (_, i) => {
    const y = height * (0.35 + i * 0.13);
    const points = Array.from(
      { length: 13 },
      (_, x) => `${(x * width) / 12},${y + Math.sin(x * (1.1 + i * 0.4) + seed * (i + 1)) * height * 0.07}`,
    );
    return `<polygon points="0,${height} ${points.join(' ')} ${width},${height}" fill="hsl(${hue + i * 12} ${30 + i * 8}% ${72 - i * 13}%)"/>`;
  });
  const text = (y: number, words: string) =>
    `<text x="50%" y="${y}" text-anchor="middle" font-family="DejaVu Sans, Liberation Sans, sans-serif" font-weight="700" font-size="${width / 12}" fill="#fff" stroke="#000" stroke-width="${width / 130}" paint-order="stroke">${words}</text>`;
  const scene = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="hsl(${hue + 190} 60% 82%)"/>
    <circle cx="${width * (0.2 + ((seed * 0.17) % 0.6))}" cy="${height * 0.22}" r="${width * 0.09}" fill="hsl(${hue + 160} 90% 92%)"/>
    ${hills.join('')}${text(height * 0.12, `WHEN IT IS ${seed}`)}${text(height * 0.94, 'AND STILL MONDAY')}</svg>`;
  const grain = { width, height, channels: 3, background: '#000' } as const;
  const noise = await sharp({ create: { ...grain, noise: { type: 'gaussian', mean: 128, sigma: 14 } } })
    .png()
    .toBuffer();
  return sharp(Buffer.from(scene))
    .composite([{ input: noise, blend: 'soft-light' }])
    .jpeg({ quality: 82 })
    .toBuffer();
}
