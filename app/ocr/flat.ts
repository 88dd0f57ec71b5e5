import { borderShares, dilate, labelComponents, type Component } from './components.ts';
import { contrast, dropLetterBodies, findGrounds, type Grounds } from './grounds.ts';
import type { Letter, Letters } from './letters.ts';
import { boxHeight, boxWidth, type Rgb } from './raster.ts';

/** A letter differs from its ground by this much of 255 in some channel. */
const MIN_CONTRAST = 30;
/** Pixels of soft edge and JPEG ringing that may lie between a letter and its ground. */
const REACH = 3;
const BORDERED = 0.6;
/** The ringing around a dot, which has few border pixels, hides more of its ground. */
const SPECK = 80;
const BORDERED_SPECK = 0.35;
/** How far from its ground, in widths of the picture, a letter's inside may be. */
const MAX_STROKE = 0.3;

export interface FlatLetters extends Letters {
  /** Share of the picture that is even enough to write on, 0–1. */
  groundShare: number;
}

/**
 * Finds letters that stand on a ground of even colour (paper, bubbles, bars, panels), of any colour and polarity:
 * what differs from the ground to its left and has ground around it.
 */
export function findFlatLetters(picture: Rgb): FlatLetters {
  const { width, height, data } = picture;
  const size = width * height;
  const { labels: ground, grounds } = dropLetterBodies(findGrounds(picture), width, height);
  const ink = new Uint8Array(size);
  const mask = new Uint8Array(size);
  const isGround = new Uint8Array(size);
  const darker = new Uint8Array(size);
  let groundPixels = 0;
  const reach = Math.round(MAX_STROKE * width);
  for (let y = 0; y < height; y += 1) {
    let beside = grounds[0];
    let until = -1;
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      const label = ground[at] ?? 0;
      if (label !== 0) {
        beside = grounds[label - 1];
        until = x + reach;
        isGround[at] = 1;
        groundPixels += 1;
        continue;
      }
      if (x > until || beside === undefined) continue;
      const difference = Math.max(
        Math.abs((data[at * 3] ?? 0) - beside.red),
        Math.abs((data[at * 3 + 1] ?? 0) - beside.green),
        Math.abs((data[at * 3 + 2] ?? 0) - beside.blue),
      );
      ink[at] = difference;
      const brightness = (data[at * 3] ?? 0) + (data[at * 3 + 1] ?? 0) + (data[at * 3 + 2] ?? 0);
      if (brightness < beside.red + beside.green + beside.blue) darker[at] = 1;
      if (difference >= MIN_CONTRAST) mask[at] = 1;
      // The inside of an o is too small to be a ground of its own.
      else isGround[at] = 1;
    }
  }
  clearSeams(mask, isGround, { labels: ground, grounds }, width, height);
  const labelled = labelComponents(mask, width, height, 8);
  const fits = (component: Component) => {
    const [w, h] = [boxWidth(component), boxHeight(component)];
    return h >= 2 && component.area >= 4 && h <= 0.3 * height && w <= 0.6 * width;
  };
  const shares = borderShares(labelled, dilate(isGround, width, height, REACH), width, height, fits);
  const found = labelled.components.filter(
    (component) =>
      fits(component) &&
      (shares[component.id - 1] ?? 0) >= (component.area < SPECK ? BORDERED_SPECK : BORDERED),
  );
  const tones = measureTones(labelled.labels, ink, darker, found, labelled.components.length);
  return {
    width,
    height,
    labels: labelled.labels,
    ground: { labels: ground, brightness: grounds.map(({ red, green, blue }) => Math.max(red, green, blue)) },
    ink,
    letters: found.map((component): Letter => ({
      ...component,
      full: tones.full(component.id),
      clear: (shares[component.id - 1] ?? 0) * (tones.outlined(component.id) ? SILHOUETTE : 1),
    })),
    groundShare: groundPixels / size,
  };
}

/** Widest line between two grounds that is no letter, pixels: soft rims of bubbles, frames of panels. */
const SEAM = 7;

/** Takes the rims of grounds out of the mask: a letter has one ground on both its sides, a rim has two. */
function clearSeams(
  mask: Uint8Array,
  isGround: Uint8Array,
  { labels, grounds }: Grounds,
  width: number,
  height: number,
): void {
  const clear = (start: number, step: number, count: number) => {
    let last = 0;
    let run = 0;
    for (let index = 0, at = start; index < count; index += 1, at += step) {
      const label = labels[at] ?? 0;
      if (label === 0) {
        run += 1;
        continue;
      }
      if (run > 0 && run <= SEAM && last !== 0 && last !== label) {
        const [one, other] = [grounds[last - 1], grounds[label - 1]];
        if (one && other && contrast(one, other) >= MIN_CONTRAST) {
          for (let back = 1; back <= run; back += 1) {
            mask[at - back * step] = 0;
            isGround[at - back * step] = 1;
          }
        }
      }
      last = label;
      run = 0;
    }
  };
  for (let y = 0; y < height; y += 1) clear(y * width, 1, width);
  for (let x = 0; x < width; x += 1) clear(x, width, height);
}

/** The strength only a fifth of a letter's pixels pass: its body, not its soft edge. */
const BODY = 0.8;
/** Share of an outlined letter that its outline has at least, and its body. */
const BOTH = 0.15;
/** A letter drawn with its outline on an even ground is a blob here; seen by its outline it is itself. */
const SILHOUETTE = 0.8;

function measureTones(
  labels: Int32Array,
  ink: Uint8Array,
  darker: Uint8Array,
  found: readonly Component[],
  count: number,
) {
  const index = new Int32Array(count + 1).fill(-1);
  found.forEach(({ id }, at) => {
    index[id] = at;
  });
  const histogram = new Uint32Array(found.length * 32);
  const dark = new Uint32Array(found.length);
  for (let at = 0; at < labels.length; at += 1) {
    const slot = index[labels[at] ?? 0] ?? -1;
    if (slot < 0) continue;
    const bin = slot * 32 + ((ink[at] ?? 0) >> 3);
    histogram[bin] = (histogram[bin] ?? 0) + 1;
    dark[slot] = (dark[slot] ?? 0) + (darker[at] ?? 0);
  }
  return {
    /** Strength of a letter's body. */
    full(id: number): number {
      const slot = index[id] ?? -1;
      const area = found[slot]?.area ?? 0;
      let sum = 0;
      for (let bin = 0; bin < 32; bin += 1) {
        sum += histogram[slot * 32 + bin] ?? 0;
        if (sum >= BODY * area) return Math.max(MIN_CONTRAST, bin * 8 + 4);
      }
      return 255;
    },
    /** Whether a letter is both darker and brighter than its ground: outline and body. */
    outlined(id: number): boolean {
      const slot = index[id] ?? -1;
      const share = (dark[slot] ?? 0) / (found[slot]?.area ?? 1);
      return share >= BOTH && share <= 1 - BOTH;
    },
  };
}
