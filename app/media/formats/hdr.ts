import { setImmediate } from 'node:timers/promises';

/** Transfer characteristics of HDR by ITU-T H.273: SMPTE ST 2084 (PQ) and ARIB STD-B67 (HLG). */
const TRANSFERS: ReadonlyMap<number, 'pq' | 'hlg'> = new Map([
  [16, 'pq'],
  [18, 'hlg'],
]);
export type HdrTransfer = 'pq' | 'hlg';

/** Bytes to search for the colour box: the properties of an AVIF lie at its start. */
export const COLOUR_BOX_WITHIN_BYTES = 1 << 16;

/**
 * Returns the HDR transfer of an AVIF, or `null`. It is in the first colour box of type `nclx`
 * (ISO/IEC 14496-12 §12.1.5).
 *
 * @param head the first {@link COLOUR_BOX_WITHIN_BYTES} of the file
 */
export function hdrTransferOf(head: Buffer): HdrTransfer | null {
  const at = head.indexOf('colrnclx', 0, 'latin1');
  // Two bytes of primaries, then two of the transfer. This searches bytes and does not walk boxes.
  if (at < 0 || head[at + 10] !== 0) return null;
  return TRANSFERS.get(head[at + 11] ?? 0) ?? null;
}

/** SDR white in candela a square metre: ITU-R BT.2408. */
const WHITE_NITS = 203;
/** Assumed peak of an HDR picture, in candela a square metre. */
const PEAK_NITS = 1000;
const PEAK = PEAK_NITS / WHITE_NITS;
/** Level of SDR white on a screen without headroom: half of the linear range, as in Chromium. */
const WHITE_LEVEL = 0.5;
/** Distance of the curve's control point from white towards the peak (SMPTE ST 2094-50). */
const CURVE = 0.65;
const MID_X = 1 - CURVE + CURVE / WHITE_LEVEL;
const MID_Y = (1 - CURVE) * WHITE_LEVEL + CURVE;

const LEVELS = 1 << 16;
/** Rows computed before yielding to the event loop. */
const ROWS_PER_CHUNK = 32;

/**
 * Tone-maps pixels of BT.2020 primaries to sRGB, as Chromium does on a screen without headroom. The
 * curve is a straight line up to white, then a quadratic curve to the peak. This is the reference
 * white tone mapping of SMPTE ST 2094-50.
 *
 * @param pixels RGB or RGBA, 16 bits each, coded by `transfer`
 * @returns the same channels of 8 bits
 */
export async function toneMap(
  pixels: Uint16Array,
  { width, height, channels }: { width: number; height: number; channels: number },
  transfer: HdrTransfer,
): Promise<Uint8Array> {
  const linear = transfer === 'pq' ? pqTable() : hlgTable();
  const out = new Uint8Array(width * height * channels);
  for (let top = 0; top < height; top += ROWS_PER_CHUNK) {
    const end = Math.min(height, top + ROWS_PER_CHUNK) * width * channels;
    for (let at = top * width * channels; at < end; at += channels) {
      let red = linear[pixels[at] ?? 0] ?? 0;
      let green = linear[pixels[at + 1] ?? 0] ?? 0;
      let blue = linear[pixels[at + 2] ?? 0] ?? 0;
      if (transfer === 'hlg') {
        const gain = systemGain(0.2627 * red + 0.678 * green + 0.0593 * blue);
        [red, green, blue] = [red * gain, green * gain, blue * gain];
      }
      const brightest = Math.max(red, green, blue);
      const scale = brightest > 0 ? curve(brightest) / brightest : 0;
      // BT.2020 to BT.709 (ITU-R BT.2087).
      out[at] = coded(scale * (1.6605 * red - 0.5876 * green - 0.0728 * blue));
      out[at + 1] = coded(scale * (-0.1246 * red + 1.1329 * green - 0.0083 * blue));
      out[at + 2] = coded(scale * (-0.0182 * red - 0.1006 * green + 1.1187 * blue));
      if (channels === 4) out[at + 3] = (pixels[at + 3] ?? 0) >> 8;
    }
    await setImmediate();
  }
  return out;
}

/** Maps light relative to white, 0 to {@link PEAK}, to the screen's level, 0 to 1. */
function curve(light: number): number {
  if (light <= 1) return light * WHITE_LEVEL;
  if (light >= PEAK) return 1;
  // The quadratic Bézier curve from white through (MID_X, MID_Y) to the peak: its parameter by x,
  // then y.
  const a = 1 - 2 * MID_X + PEAK;
  const b = 2 * (MID_X - 1);
  const t = (-b + Math.sqrt(b * b + 4 * a * (light - 1))) / (2 * a);
  return (1 - t) * (1 - t) * WHITE_LEVEL + 2 * t * (1 - t) * MID_Y + t * t;
}

/** Light relative to white for each PQ code of 16 bits (SMPTE ST 2084 §5). */
function pqTable(): Float32Array {
  return Float32Array.from({ length: LEVELS }, (_, code) => {
    const power = (code / (LEVELS - 1)) ** (1 / 78.84375);
    const share = (Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125);
    return (share * 10_000) / WHITE_NITS;
  });
}

/** Scene light, 0 to 1, for each HLG code of 16 bits (ITU-R BT.2100 table 5). */
function hlgTable(): Float32Array {
  return Float32Array.from({ length: LEVELS }, (_, code) => {
    const value = code / (LEVELS - 1);
    return value <= 0.5
      ? (value * value) / 3
      : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  });
}

/** HLG's system gamma of 1.2 for a peak of 1000 (ITU-R BT.2100), and the peak relative to white. */
const systemGain = (luminance: number): number => PEAK * luminance ** 0.2;

/** Encodes linear light as sRGB of 8 bits (IEC 61966-2-1). */
function coded(light: number): number {
  if (light <= 0) return 0;
  if (light >= 1) return 255;
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
}
