import { randomBytes } from 'node:crypto';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { randomFrom } from './random.ts';
import { ffmpeg, pattern, VIDEO_MAKERS } from './videos.ts';

/**
 * Valid files of every accepted format, and the parts of hostile ones. Each call makes a new
 * picture.
 */

let noise: (length: number) => Buffer = randomBytes;

/**
 * Makes the later pictures of this process follow from the seed. The same calls make the same
 * pictures.
 */
export function seedSpecimens(seed: number): void {
  const random = randomFrom(seed);
  noise = (length) => Buffer.from(Array.from({ length }, () => random(256)));
}

const field = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp(noise(width * height * channels), { raw: { width, height, channels } });

export const smooth = async (width = 64, height = 48) =>
  sharp(await field(8, 6).png().toBuffer()).resize(width, height, { fit: 'fill' });

export const STILL_MAKERS = {
  jpeg: async () => (await smooth()).jpeg().toBuffer(),
  progressive: async () => (await smooth()).jpeg({ progressive: true }).toBuffer(),
  png: async () => (await smooth()).png().toBuffer(),
  gif: () => animated('gif', 3),
  webp: async () => (await smooth()).webp().toBuffer(),
  losslessWebp: async () => (await smooth()).webp({ lossless: true }).toBuffer(),
  animatedWebp: () => animated('webp', 3),
  avif: async () => (await smooth()).avif({ effort: 0 }).toBuffer(),
} as const;

export const MAKERS = { ...STILL_MAKERS, ...VIDEO_MAKERS } as const;
export type Specimen = keyof typeof MAKERS;

export async function animated(format: 'gif' | 'webp', frames: number, side = 24): Promise<Buffer> {
  const pages = await Promise.all(
    Array.from({ length: frames }, async () => (await smooth(side, side)).png().toBuffer()),
  );
  const image = sharp(pages, { join: { animated: true } });
  const delay = pages.map(() => 100);
  return format === 'gif'
    ? image.gif({ delay, effort: 1 }).toBuffer()
    : image.webp({ delay, effort: 0 }).toBuffer();
}

/** Writes a GIF of many frames of 1 × 1 directly: an encoder would take minutes. */
export function gifOfFrames(frames: number): Buffer {
  const head = Buffer.from('GIF89a\u0001\0\u0001\0\u0080\0\0\0\0\0', 'latin1');
  const frame = Buffer.from(
    '!\u00f9\u0004\0\u0002\0\0\0,\0\0\0\0\u0001\0\u0001\0\0\u0002\u0002D\u0001\0',
    'latin1',
  );
  // The second colour makes each one unique.
  return Buffer.concat([
    head,
    randomBytes(3),
    ...Array.from({ length: frames }, () => frame),
    Buffer.from(';'),
  ]);
}

export function pngChunk(type: string, payload: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), payload]);
  const out = Buffer.alloc(8 + body.length);
  out.writeUInt32BE(payload.length);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), 4 + body.length);
  return out;
}

export const PNG_SIGNATURE = Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1');

/** Writes a PNG with any header. `rows` are real and need not match the header. */
export function handmadePng(
  width: number,
  height: number,
  rows = Math.min(height, 8),
  extra: Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const pixels = Buffer.alloc(rows * (Math.min(width, 100_000) + 1));
  // Some pixels make each one unique.
  if (pixels.length > 0) randomBytes(Math.min(width, 8, pixels.length - 1)).copy(pixels, 1);
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Inserts chunks right after the header chunk. */
export const afterIhdr = (png: Buffer, ...chunks: Buffer[]) =>
  Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);

/** Inserts a JPEG segment after the start marker. */
export function jpegWith(jpeg: Buffer, marker: number, payload: Buffer): Buffer {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), header, payload, jpeg.subarray(2)]);
}

/** Makes an archive of one file of zeros. */
export function zipOf(bytes: number): Buffer {
  const name = Buffer.from('bomb');
  const content = Buffer.alloc(bytes);
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(crc32(content), 14);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(bytes, 22);
  local.writeUInt16LE(name.length, 26);
  return Buffer.concat([local, name, packed, randomBytes(4)]);
}

export const apng = (frames = 4) =>
  ffmpeg(
    ['-f', 'lavfi', '-i', pattern({ size: '64x48', seconds: 1, rate: frames }), '-plays', '0', '-f', 'apng'],
    'png',
  );

export function mp4Box(type: string, ...payload: Uint8Array[]): Buffer {
  const body = Buffer.concat(payload);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(body.length + 8);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}
