import { join } from 'node:path';
import sharp from 'sharp';
import { expect } from 'vitest';

/** The path of a file in test/app/media/cases; its README says what is right. */
export const caseFile = (name: string): string => join(import.meta.dirname, '../app/media/cases', name);

/** Side of the compared pictures, pixels. */
const SIDE = 24;
/** Mean difference per channel, of 255, that encoding and scaling may cause. */
const TOLERANCE = 6;

/**
 * Reads a picture as any viewer shows it: turned, in sRGB, on white, {@link SIDE} pixels a side.
 */
async function small(picture: Uint8Array): Promise<Buffer> {
  return sharp(picture)
    .autoOrient()
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .resize(SIDE, SIDE, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
}

/** Returns the mean difference of two pictures per channel, 0–255. */
export async function differenceOf(a: Uint8Array, b: Uint8Array): Promise<number> {
  const [one, other] = await Promise.all([small(a), small(b)]);
  expect(one.length).toBe(other.length);
  return one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length;
}

/** Checks that both pictures show the same, within the loss of encoding. */
export async function expectLooksLike(
  actual: Uint8Array,
  expected: Uint8Array,
  tolerance = TOLERANCE,
): Promise<void> {
  expect(await differenceOf(actual, expected)).toBeLessThan(tolerance);
}
