import sharp from 'sharp';

/** Eight-bit grey, row by row. */
export interface Grey {
  width: number;
  height: number;
  data: Uint8Array;
}

const MAX_PIXELS = 2_000_000;

export async function decodeGrey(file: string): Promise<Grey> {
  const image = sharp(file, { failOn: 'none', limitInputPixels: 200_000_000, sequentialRead: true });
  const { width, height } = await image.metadata();
  const factor = Math.min(1, Math.sqrt(MAX_PIXELS / (width * height)));
  const { data, info } = await image
    .autoOrient()
    .resize({ width: Math.max(1, Math.round(width * factor)) })
    .flatten({ background: '#fff' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}
