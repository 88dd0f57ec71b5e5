import { randomBytes } from 'node:crypto';
import sharp from 'sharp';

/** Draws a PNG that does not compress: 3 bytes a pixel. */
export const noisePng = (side: number): Promise<Buffer> =>
  sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
