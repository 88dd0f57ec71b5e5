import sharp from 'sharp';

/** Draws a small picture of one colour. Each number gives a different file. */
export const png = (seed: number, side = 48): Promise<Buffer> =>
  sharp({
    create: {
      width: side,
      height: side + (seed % 40),
      channels: 3,
      background: { r: (seed * 53) % 256, g: (seed * 97) % 256, b: (seed * 29 + 80) % 256 },
    },
  })
    .png()
    .toBuffer();

/** Draws a picture that does not compress: about 3 bytes per pixel. */
export const noise = async (side: number): Promise<Buffer> =>
  sharp({
    create: {
      width: side,
      height: side,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png({ compressionLevel: 0 })
    .toBuffer();

export const pngFile = async (name: string, seed: number, side?: number) => ({
  name,
  mimeType: 'image/png',
  buffer: await png(seed, side),
});
