import type { Rgb } from './raster.ts';

/**
 * A picture with one number per pixel: three fields of ten bits, red highest, eight bits used.
 *
 * The free bits allow a comparison of all three channels at once.
 */
export interface PackedColours {
  width: number;
  height: number;
  data: Int32Array;
}

/** The highest bit of each field. A subtraction that goes below zero clears it. */
export const GUARD_BITS = (512 << 20) | (512 << 10) | 512;

/** Packs three channels, 0–255 each, into one number. */
export const packColour = (red: number, green: number, blue: number): number =>
  (red << 20) | (green << 10) | blue;

/** Returns the red channel, 0–255. */
export const redOf = (colour: number): number => colour >> 20;
/** Returns the green channel, 0–255. */
export const greenOf = (colour: number): number => (colour >> 10) & 255;
/** Returns the blue channel, 0–255. */
export const blueOf = (colour: number): number => colour & 255;

/** Packs the colours of a picture. */
export function packColours({ width, height, data }: Rgb): PackedColours {
  const packed = new Int32Array(width * height);
  for (let at = 0, byte = 0; at < packed.length; at += 1, byte += 3)
    packed[at] = ((data[byte] ?? 0) << 20) | ((data[byte + 1] ?? 0) << 10) | (data[byte + 2] ?? 0);
  return { width, height, data: packed };
}
