/** A mask with one bit per pixel. Each row starts a new word. */
export interface Bitmask {
  width: number;
  height: number;
  /** Words per row. */
  stride: number;
  words: Int32Array;
}

/** Creates an empty mask. */
export function createBitmask(width: number, height: number): Bitmask {
  const stride = (width + 31) >> 5;
  return { width, height, stride, words: new Int32Array(stride * height) };
}

/** Sets the bit of a pixel. */
export function setBit({ stride, words }: Bitmask, x: number, y: number): void {
  const at = y * stride + (x >> 5);
  words[at] = (words[at] ?? 0) | (1 << (x & 31));
}

/** Tells whether the bit of a pixel is set. */
export const hasBit = ({ stride, words }: Bitmask, x: number, y: number): boolean =>
  (((words[y * stride + (x >> 5)] ?? 0) >>> (x & 31)) & 1) !== 0;

/**
 * Grows the mask by `radius` pixels in every direction (a square).
 *
 * Bits beyond a row's end may be set in the result. They are not pixels.
 */
export function dilate({ width, height, stride, words }: Bitmask, radius: number): Bitmask {
  let across = words;
  for (let step = 0; step < radius; step += 1) across = spread(across, stride);
  const grown = createBitmask(width, height);
  for (let y = 0; y < height; y += 1) {
    const last = Math.min(height - 1, y + radius);
    for (let from = Math.max(0, y - radius); from <= last; from += 1) {
      for (let x = 0; x < stride; x += 1) {
        const at = y * stride + x;
        grown.words[at] = (grown.words[at] ?? 0) | (across[from * stride + x] ?? 0);
      }
    }
  }
  return grown;
}

/** Grows every row by one pixel on both sides. */
function spread(words: Int32Array, stride: number): Int32Array {
  const out = new Int32Array(words.length);
  for (let at = 0; at < words.length; at += 1) {
    const x = at % stride;
    const word = words[at] ?? 0;
    const before = x > 0 ? (words[at - 1] ?? 0) >>> 31 : 0;
    const after = x + 1 < stride ? (words[at + 1] ?? 0) << 31 : 0;
    out[at] = word | (word << 1) | (word >>> 1) | before | after;
  }
  return out;
}
