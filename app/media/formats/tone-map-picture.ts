import { setImmediate } from 'node:timers/promises';
import { hlgGain, hlgToScene, PEAK, pqToLight, toBt709, transferOf, type HdrTransfer } from './hdr-light.ts';

/** Bytes to search for the colour: it lies at the start of a PNG, and of most AVIF files. */
export const COLOUR_WITHIN_BYTES = 1 << 16;

/**
 * Returns the HDR transfer of an AVIF or PNG, or `null`. In an AVIF it is in the first colour box
 * of type `nclx` (ISO/IEC 14496-12 §12.1.5). In a PNG it is in the chunk `cICP` (PNG Third Edition
 * §11.3.2.6). This searches bytes and does not walk boxes.
 *
 * @param head the first {@link COLOUR_WITHIN_BYTES} of the file
 */
export function hdrTransferOf(head: Buffer, mime: string): HdrTransfer | null {
  if (mime === 'image/png') {
    // The chunk precedes the pixels. Its second byte is the transfer.
    const at = head.subarray(0, head.indexOf('IDAT', 0, 'latin1')).indexOf('cICP', 0, 'latin1');
    return at < 0 ? null : transferOf(head[at + 5] ?? 0);
  }
  const at = mime === 'image/avif' ? head.indexOf('colrnclx', 0, 'latin1') : -1;
  // Two bytes of primaries, then two of the transfer.
  return at < 0 || head[at + 10] !== 0 ? null : transferOf(head[at + 11] ?? 0);
}

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
  const linear = tableOf(transfer === 'pq' ? pqToLight : hlgToScene);
  const out = new Uint8Array(width * height * channels);
  for (let top = 0; top < height; top += ROWS_PER_CHUNK) {
    const end = Math.min(height, top + ROWS_PER_CHUNK) * width * channels;
    for (let at = top * width * channels; at < end; at += channels) {
      let red = linear[pixels[at] ?? 0] ?? 0;
      let green = linear[pixels[at + 1] ?? 0] ?? 0;
      let blue = linear[pixels[at + 2] ?? 0] ?? 0;
      if (transfer === 'hlg') {
        const gain = hlgGain(red, green, blue);
        [red, green, blue] = [red * gain, green * gain, blue * gain];
      }
      const brightest = Math.max(red, green, blue);
      const scale = brightest > 0 ? curve(brightest) / brightest : 0;
      const shown = toBt709([red, green, blue]);
      for (let channel = 0; channel < 3; channel++) out[at + channel] = coded(scale * (shown[channel] ?? 0));
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

/** Applies a transfer function to each code of 16 bits. */
const tableOf = (toLight: (signal: number) => number): Float32Array =>
  Float32Array.from({ length: LEVELS }, (_, code) => toLight(code / (LEVELS - 1)));

/** Encodes linear light as sRGB of 8 bits (IEC 61966-2-1). */
function coded(light: number): number {
  if (light <= 0) return 0;
  if (light >= 1) return 255;
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
}
