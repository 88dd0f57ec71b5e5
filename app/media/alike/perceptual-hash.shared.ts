/**
 * PDQ, a perceptual hash of 256 bits by Facebook: "The TMK+PDQF Video-Hashing Algorithm and the PDQ
 * Image-Hashing Algorithm", 2019, https://github.com/facebook/ThreatExchange/tree/main/pdq. Alike
 * pictures have hashes with few different bits.
 *
 * Two differences: bars of one colour at the edges are cut off first. Fields are means of the
 * pixels that they cover, so no filter comes before. Server and browser run this module.
 */

/** Bits of a hash. */
export const HASH_BITS = 256;
/** Bytes of a hash. */
export const HASH_BYTES = HASH_BITS / 8;
/** Fields a side of the picture that is transformed. */
const SIDE = 64;
/** Frequencies a side that the hash keeps; the constant one is not among them. */
const FREQUENCIES = 16;
/** A picture whose fields differ less from their neighbours has no look. PDQ's own measure. */
const MIN_QUALITY = 20;
/** The brightness of a bar's line varies at most so much, of 255: noise of JPEG at quality 30. */
const BAR_TOLERANCE = 14;
/** Share of a side that bars at one edge take at most. */
const MAX_BAR_SHARE = 0.4;
/** Share of a side that the middle lacks at each edge: half of what apps cut off at most. */
const MIDDLE_CUT_SHARE = 0.03;

/** Brightness of a picture, row by row, 0–255. */
export interface Brightness {
  data: Float32Array;
  width: number;
  height: number;
}

/** Decoded pixels, 8 bits a channel: grey, grey and alpha, RGB or RGBA. */
export interface RawPixels {
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
  channels: number;
}

/**
 * Returns the brightness of pixels (BT.601). Transparent ones are on mid-grey, so that neither dark
 * nor light drawings vanish.
 */
export function brightnessOf({ data, width, height, channels }: RawPixels): Brightness {
  const out = new Float32Array(width * height);
  const hasAlpha = channels === 2 || channels === 4;
  for (let i = 0, at = 0; i < out.length; i++, at += channels) {
    const [red = 0, green = red, blue = red] =
      channels < 3 ? [data[at]] : [data[at], data[at + 1], data[at + 2]];
    const value = 0.299 * red + 0.587 * green + 0.114 * blue;
    const alpha = hasAlpha ? (data[at + channels - 1] ?? 255) / 255 : 1;
    out[i] = value * alpha + 128 * (1 - alpha);
  }
  return { data: out, width, height };
}

/**
 * Returns the hashes of a picture: whole, inside its bars, and of the middle inside them. With
 * them, a picture is found again after bars were added or its edges cut off. Equal ones count
 * once. A picture that is too flat to be told from others has none.
 */
export function perceptualHashes(picture: Brightness): Uint8Array[] {
  const whole = { left: 0, top: 0, right: picture.width, bottom: picture.height };
  const inside = boxWithoutBars(picture);
  const [x, y] = [
    (inside.right - inside.left) * MIDDLE_CUT_SHARE,
    (inside.bottom - inside.top) * MIDDLE_CUT_SHARE,
  ];
  const middle = {
    left: inside.left + x,
    top: inside.top + y,
    right: inside.right - x,
    bottom: inside.bottom - y,
  };
  const hashes: Uint8Array[] = [];
  for (const box of [inside, middle, whole]) {
    const hash = hashOf(picture, box);
    if (hash && hashes.every((other) => distanceOf(hash, other) > 0)) hashes.push(hash);
  }
  return hashes;
}

function hashOf(picture: Brightness, box: Box): Uint8Array | null {
  const fields = shrink(picture, box);
  return qualityOf(fields) < MIN_QUALITY ? null : bitsOf(transform(fields));
}

/**
 * Returns the hash of the mirror image: its waves of odd frequency of x are upside down. The median
 * is near zero, so each of these bits turns.
 */
export const mirroredHash = (hash: Uint8Array): Uint8Array => hash.map((byte) => byte ^ 0b10101010);

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Returns the box that remains when bars at the edges are cut off: lines of one colour each. So the
 * even margin of a picture goes too, whether or not it has a bar before it.
 */
function boxWithoutBars({ data, width, height }: Brightness): Box {
  const isEven = (start: number, step: number, count: number): boolean => {
    let [low, high] = [255, 0];
    for (let i = 0, at = start; i < count; i++, at += step) {
      const value = data[at] ?? 0;
      low = Math.min(low, value);
      high = Math.max(high, value);
      if (high - low > BAR_TOLERANCE) return false;
    }
    return true;
  };
  const bar = (first: number, stride: number, step: number, count: number, lines: number): number => {
    const most = Math.floor(lines * MAX_BAR_SHARE);
    let n = 0;
    while (n < most && isEven(first + n * stride, step, count)) n++;
    return n;
  };
  const top = bar(0, width, 1, width, height);
  const bottom = height - bar((height - 1) * width, -width, 1, width, height);
  const inner = top * width;
  return {
    top,
    bottom,
    left: bar(inner, 1, width, bottom - top, width),
    right: width - bar(inner + width - 1, -1, width, bottom - top, width),
  };
}

/** Returns the means of {@link SIDE} × {@link SIDE} fields of a box. */
function shrink({ data, width }: Brightness, { left, top, right, bottom }: Box): Float32Array {
  const rows = new Float32Array(SIDE * width);
  cover(top, bottom, (field, y, share) => {
    for (let x = Math.floor(left); x < right; x++)
      rows[field * width + x] = (rows[field * width + x] ?? 0) + (data[y * width + x] ?? 0) * share;
  });
  const out = new Float32Array(SIDE * SIDE);
  cover(left, right, (field, x, share) => {
    for (let y = 0; y < SIDE; y++)
      out[y * SIDE + field] = (out[y * SIDE + field] ?? 0) + (rows[y * width + x] ?? 0) * share;
  });
  return out;
}

/** Calls `add` with each field, each line that it covers, and the line's share of the field. */
function cover(from: number, to: number, add: (field: number, line: number, share: number) => void): void {
  const size = (to - from) / SIDE;
  for (let field = 0; field < SIDE; field++) {
    const [start, end] = [from + field * size, from + (field + 1) * size];
    for (let line = Math.floor(start); line < end && line < to; line++) {
      const part = Math.min(end, line + 1) - Math.max(start, line);
      if (part > 0) add(field, line, part / size);
    }
  }
}

/** Returns PDQ's measure of the differences between neighbours; 100 is plenty. */
function qualityOf(fields: Float32Array): number {
  let sum = 0;
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const value = fields[y * SIDE + x] ?? 0;
      if (x + 1 < SIDE) sum += Math.trunc((Math.abs(value - (fields[y * SIDE + x + 1] ?? 0)) * 100) / 255);
      if (y + 1 < SIDE) sum += Math.trunc((Math.abs(value - (fields[(y + 1) * SIDE + x] ?? 0)) * 100) / 255);
    }
  return sum / 90;
}

/** Rows of the cosine transform: frequency 1 to {@link FREQUENCIES}, position. */
const COSINES = Array.from({ length: FREQUENCIES }, (_, k) =>
  Float64Array.from({ length: SIDE }, (__, x) => Math.cos((Math.PI / 2 / SIDE) * (k + 1) * (2 * x + 1))),
);

/** Returns the 16 × 16 lowest waves without the constant ones, by frequency of y, then of x. */
function transform(fields: Float32Array): Float64Array {
  const rows = new Float64Array(SIDE * FREQUENCIES);
  for (let y = 0; y < SIDE; y++)
    for (const [k, cosine] of COSINES.entries()) {
      let sum = 0;
      for (let x = 0; x < SIDE; x++) sum += (fields[y * SIDE + x] ?? 0) * (cosine[x] ?? 0);
      rows[y * FREQUENCIES + k] = sum;
    }
  const waves = new Float64Array(FREQUENCIES * FREQUENCIES);
  for (const [k, cosine] of COSINES.entries())
    for (let x = 0; x < FREQUENCIES; x++) {
      let sum = 0;
      for (let y = 0; y < SIDE; y++) sum += (rows[y * FREQUENCIES + x] ?? 0) * (cosine[y] ?? 0);
      waves[k * FREQUENCIES + x] = sum;
    }
  return waves;
}

/** Returns a bit for each wave: whether it is above the median. */
function bitsOf(waves: Float64Array): Uint8Array {
  const sorted = waves.toSorted();
  const median = ((sorted[HASH_BITS / 2 - 1] ?? 0) + (sorted[HASH_BITS / 2] ?? 0)) / 2;
  const bytes = new Uint8Array(HASH_BYTES);
  for (const [i, value] of waves.entries())
    if (value > median) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (128 >> (i & 7));
  return bytes;
}

/** Returns the number of bits in which two hashes differ. */
export function distanceOf(one: Uint8Array, other: Uint8Array): number {
  let sum = 0;
  for (const [i, byte] of one.entries()) {
    let bits = byte ^ (other[i] ?? 0);
    while (bits !== 0) {
      bits &= bits - 1;
      sum += 1;
    }
  }
  return sum;
}
