import sharp from 'sharp';

/**
 * Draws a picture that compresses like a grainy photograph, a different one on each call. It is
 * a soft field of colours with grain, as JPEG.
 *
 * @param sigma deviation of the grain, of 255
 */
export async function drawPhoto(width: number, height: number, sigma = 9): Promise<Buffer> {
  const noise = (deviation: number) => ({ type: 'gaussian', mean: 128, sigma: deviation }) as const;
  const field = (w: number, h: number, deviation: number) =>
    sharp({ create: { width: w, height: h, channels: 3, background: '#888', noise: noise(deviation) } })
      .png({ compressionLevel: 1 })
      .toBuffer();
  const [shapes, grain] = [
    await field(Math.ceil(width / 16), Math.ceil(height / 16), 60),
    await field(width, height, sigma),
  ];
  return sharp(shapes)
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 88 })
    .toBuffer();
}
