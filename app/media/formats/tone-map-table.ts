import { setImmediate } from 'node:timers/promises';
import { hlgGain, hlgToScene, PEAK, pqToLight, toBt709, type HdrTransfer, type Rgb } from './hdr-light.ts';

/**
 * Light up to here, in units of white, stays unchanged. Light from here to {@link PEAK} is
 * compressed into the rest.
 */
const KNEE = 0.8;
/** Gamma of a BT.709 display in an assumed bright room. ITU-R BT.1886 gives 2.4 for a dark one. */
const DISPLAY_GAMMA = 2.2;

function lightOf(signal: Rgb, transfer: HdrTransfer): Rgb {
  if (transfer === 'pq') return map(signal, pqToLight);
  const scene = map(signal, hlgToScene);
  const gain = hlgGain(...scene);
  return map(scene, (value) => value * gain);
}

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
export function toSdr(signal: Rgb, transfer: HdrTransfer): Rgb {
  const light = toBt709(lightOf(signal, transfer));
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
export async function toneMapTable(transfer: HdrTransfer): Promise<string> {
  const steps = Array.from({ length: TABLE_SIDE }, (_, i) => i / (TABLE_SIDE - 1));
  const planes = [`LUT_3D_SIZE ${TABLE_SIDE}\n`];
  for (const b of steps) {
    planes.push(steps.map((g) => steps.map((r) => lineOf(toSdr([r, g, b], transfer))).join('')).join(''));
    await setImmediate();
  }
  return planes.join('');
}

const lineOf = (colour: Rgb): string => `${colour.map((value) => value.toFixed(5)).join(' ')}\n`;
