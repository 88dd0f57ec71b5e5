import { setImmediate } from 'node:timers/promises';
import type { DynamicRange } from './video-look.ts';

type Rgb = readonly [number, number, number];
type HighRange = Exclude<DynamicRange, 'sdr'>;

/** Luminance of white in an SDR picture, cd/m²: ITU-R BT.2408. */
const WHITE_NITS = 203;
/**
 * Highest luminance that stays distinct, in units of white: 1000 cd/m², the level HDR is mastered
 * for.
 */
const PEAK = 1000 / WHITE_NITS;
/**
 * Light up to here, in units of white, stays unchanged. Light from here to {@link PEAK} is
 * compressed into the rest.
 */
const KNEE = 0.8;
/** Gamma of a BT.709 display in an assumed bright room. ITU-R BT.1886 gives 2.4 for a dark one. */
const DISPLAY_GAMMA = 2.2;

/** PQ curve to units of white: ITU-R BT.2100 table 4. */
function pqToLight(signal: number): number {
  const power = Math.max(0, signal) ** (1 / 78.84375);
  const light = (Math.max(0, power - 0.8359375) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125);
  return (light * 10_000) / WHITE_NITS;
}

/** HLG curve to scene light from 0 to 1: ITU-R BT.2100 table 5. */
const hlgToScene = (signal: number): number =>
  signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12;

/** HLG on a display of 1000 cd/m², whose system gamma is 1.2. */
function hlgToLight(signal: Rgb): Rgb {
  const [r, g, b] = map(signal, hlgToScene);
  const luminance = 0.2627 * r + 0.678 * g + 0.0593 * b;
  const gain = luminance > 0 ? PEAK * luminance ** 0.2 : 0;
  return [r * gain, g * gain, b * gain];
}

/** Converts light of BT.2020 primaries to BT.709 ones: ITU-R BT.2087. */
const toBt709 = ([r, g, b]: Rgb): Rgb => [
  1.660491 * r - 0.587641 * g - 0.07285 * b,
  -0.12455 * r + 1.1329 * g - 0.008349 * b,
  -0.018151 * r - 0.100579 * g + 1.11873 * b,
];

/** Reinhard's curve with a white point, above the knee. */
function compress(light: number): number {
  if (light <= KNEE) return light;
  const room = 1 - KNEE;
  const over = (light - KNEE) / room;
  const most = (PEAK - KNEE) / room;
  return KNEE + (room * over * (1 + over / most ** 2)) / (1 + over);
}

const map = ([r, g, b]: Rgb, change: (value: number) => number): Rgb => [change(r), change(g), change(b)];

/**
 * Converts a BT.2020 colour of PQ or HLG to BT.709, all components from 0 to 1. Compresses the
 * brightest component and scales the others with it, which keeps the hue.
 */
export function toSdr(signal: Rgb, range: HighRange): Rgb {
  const light = toBt709(range === 'pq' ? map(signal, pqToLight) : hlgToLight(signal));
  const brightest = Math.max(...light);
  const gain = brightest > KNEE ? compress(brightest) / brightest : 1;
  return map(light, (value) => Math.min(1, Math.max(0, value * gain)) ** (1 / DISPLAY_GAMMA));
}

/** Points a side of the table; ffmpeg interpolates between them. */
const TABLE_SIDE = 33;

/**
 * Writes {@link toSdr} as a table in Adobe's `.cube` format, red changing fastest. The table has
 * about 1 MB and is not cached, because HDR videos are rare. Yields to other work after every
 * {@link TABLE_SIDE}th of it.
 */
export async function toneMapTable(range: HighRange): Promise<string> {
  const steps = Array.from({ length: TABLE_SIDE }, (_, i) => i / (TABLE_SIDE - 1));
  const planes = [`LUT_3D_SIZE ${TABLE_SIDE}\n`];
  for (const b of steps) {
    planes.push(steps.map((g) => steps.map((r) => lineOf(toSdr([r, g, b], range))).join('')).join(''));
    await setImmediate();
  }
  return planes.join('');
}

const lineOf = (colour: Rgb): string => `${colour.map((value) => value.toFixed(5)).join(' ')}\n`;
