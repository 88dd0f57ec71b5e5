import { readFile, writeFile } from 'node:fs/promises';
import libheif from 'libheif-js/wasm-bundle.js';
import { sharp } from '../sharp.ts';
import { HEIC_EXIT, MAX_HEIC_PIXELS } from './heic.protocol.ts';
import { profileOf, withProfile } from './heic-profile.ts';

interface Pixels {
  width: number;
  height: number;
  /** RGB, 8 bits each, row by row without gaps. */
  rgb: Uint8Array;
}

/**
 * Writes the primary picture of a HEIC file as a JPEG to `target`, which must not exist. Returns
 * the exit code of the process: 0, or one of {@link HEIC_EXIT}. Throws only for faults other than
 * the file's.
 */
export async function convertHeic(source: string, target: string): Promise<number> {
  const bytes = await readFile(source);
  await libheif.ready;
  const pixels = await decode(bytes);
  if (typeof pixels === 'number') return pixels;
  const { width, height, rgb } = pixels;
  // libheif has rotated the picture but left the colours as coded, so attach the profile. Optimised
  // Huffman tables would keep all coefficients. That takes 300 MB for 48 megapixels and saves a few
  // per cent.
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90, optimiseCoding: false })
    .toBuffer();
  await writeFile(target, withProfile(jpeg, profileOf(bytes)), { flag: 'wx' });
  return 0;
}

/** Decodes the primary picture; returns an exit code if that fails. */
async function decode(bytes: Uint8Array): Promise<Pixels | number> {
  const images = refusing(() => new libheif.HeifDecoder().decode(bytes));
  const image = images?.find((candidate) => candidate.is_primary()) ?? images?.[0];
  if (!image) return HEIC_EXIT.broken;
  if (image.get_width() * image.get_height() > MAX_HEIC_PIXELS) return HEIC_EXIT.tooManyPixels;
  const { heif_colorspace, heif_chroma, heif_channel } = libheif;
  const decoded = await refusing(() =>
    libheif.heif_js_decode_image2(
      image.handle,
      heif_colorspace.heif_colorspace_RGB,
      heif_chroma.heif_chroma_interleaved_RGB,
    ),
  );
  const plane = decoded?.channels?.find(({ id }) => id === heif_channel.heif_channel_interleaved);
  if (!plane) return HEIC_EXIT.broken;
  return { width: plane.width, height: plane.height, rgb: packed(plane) };
}

/** Returns `null` for a trap or an exception inside the WebAssembly: the file causes those. */
function refusing<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    process.stderr.write(`libheif: ${String(error)}\n`);
    return null;
  }
}

/**
 * Removes the gaps between rows. Without gaps, returns a view of the decoder's memory, because a
 * copy needs as much again.
 */
function packed({
  width,
  height,
  stride,
  data,
}: {
  width: number;
  height: number;
  stride: number;
  data: Uint8Array;
}) {
  const row = width * 3;
  if (stride === row) return data.subarray(0, row * height);
  const out = new Uint8Array(row * height);
  for (let y = 0; y < height; y += 1) out.set(data.subarray(y * stride, y * stride + row), y * row);
  return out;
}
