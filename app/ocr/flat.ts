import { createBits, dilate, setBit, type Bits } from './bits.ts';
import type { Colours } from './colours.ts';
import { borderShares, labelComponents, type Component, type Labelled } from './components.ts';
import { contrast, dropLetterBodies, findGrounds, type Grounds } from './grounds.ts';
import type { Letter, Letters } from './letters.ts';
import { boxHeight, boxWidth } from './raster.ts';

/** A letter differs from its ground by this much of 255 in some channel. */
const MIN_CONTRAST = 30;
/** Pixels of soft edge and JPEG ringing that may lie between a letter and its ground. */
const REACH = 3;
const BORDERED = 0.6;
/** A smaller patch is no dot. */
const MIN_AREA = 4;
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
export function findFlatLetters(picture: Colours): FlatLetters {
  const { width, height } = picture;
  const { labels: ground, grounds } = dropLetterBodies(findGrounds(picture), width, height);
  const { ink, mask, darker, isGround, groundPixels } = compareWithGround(picture, {
    labels: ground,
    grounds,
  });
  clearSeams(mask, isGround, { labels: ground, grounds }, width, height);
  const labelled = labelComponents(mask, width, height, 8, MIN_AREA);
  const fits = (component: Component) => {
    const [w, h] = [boxWidth(component), boxHeight(component)];
    return h >= 2 && h <= 0.3 * height && w <= 0.6 * width;
  };
  const shares = borderShares(labelled, dilate(isGround, REACH), fits);
  const found = labelled.components.filter(
    (component) =>
      fits(component) &&
      (shares[component.id - 1] ?? 0) >= (component.area < SPECK ? BORDERED_SPECK : BORDERED),
  );
  const tones = measureTones(labelled, ink, darker, found);
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
    groundShare: groundPixels / (width * height),
  };
}

/** How every pixel differs from the ground to its left. */
interface Comparison {
  /** By how much, 0–255. */
  ink: Uint8Array;
  /** Whether by enough for a letter. */
  mask: Uint8Array;
  /** Whether it is the darker of the two. */
  darker: Uint8Array;
  /** Grounds and what is like them: the inside of an o is too small to be a ground of its own. */
  isGround: Bits;
  groundPixels: number;
}

function compareWithGround({ width, height, data }: Colours, { labels, grounds }: Grounds): Comparison {
  const size = width * height;
  const ink = new Uint8Array(size);
  const mask = new Uint8Array(size);
  const darker = new Uint8Array(size);
  const isGround = createBits(width, height);
  const { words, stride } = isGround;
  const reach = Math.round(MAX_STROKE * width);
  let groundPixels = 0;
  for (let y = 0; y < height; y += 1) {
    let beside = 0;
    let red = 0;
    let green = 0;
    let blue = 0;
    let until = -1;
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      const label = labels[at] ?? 0;
      if (label === 0) {
        if (x > until) continue;
        const colour = data[at] ?? 0;
        const dr = (colour >> 20) - red;
        const dg = ((colour >> 10) & 255) - green;
        const db = (colour & 255) - blue;
        const difference = Math.max(Math.abs(dr), Math.abs(dg), Math.abs(db));
        ink[at] = difference;
        if (dr + dg + db < 0) darker[at] = 1;
        if (difference >= MIN_CONTRAST) {
          mask[at] = 1;
          continue;
        }
      } else {
        if (label !== beside) {
          beside = label;
          ({ red = 0, green = 0, blue = 0 } = grounds[label - 1] ?? {});
        }
        until = x + reach;
        groundPixels += 1;
      }
      const word = y * stride + (x >> 5);
      words[word] = (words[word] ?? 0) | (1 << (x & 31));
    }
  }
  return { ink, mask, darker, isGround, groundPixels };
}

/** Widest line between two grounds that is no letter, pixels: soft rims of bubbles, frames of panels. */
const SEAM = 7;

/** Takes the rims of grounds out of the mask: a letter has one ground on both its sides, a rim has two. */
function clearSeams(
  mask: Uint8Array,
  isGround: Bits,
  { labels, grounds }: Grounds,
  width: number,
  height: number,
): void {
  // Of each column, and of the row: the last ground seen, and pixels since then.
  const lasts = new Uint16Array(width);
  const gaps = new Uint8Array(width);
  const isSeam = (gap: number, last: number, label: number): boolean => {
    if (gap === 0 || gap > SEAM || last === 0 || last === label) return false;
    const [one, other] = [grounds[last - 1], grounds[label - 1]];
    return one !== undefined && other !== undefined && contrast(one, other) >= MIN_CONTRAST;
  };
  const take = (x: number, y: number) => {
    mask[y * width + x] = 0;
    setBit(isGround, x, y);
  };
  for (let y = 0; y < height; y += 1) {
    let last = 0;
    let gap = 0;
    for (let x = 0, at = y * width; x < width; x += 1, at += 1) {
      const label = labels[at] ?? 0;
      const columnGap = gaps[x] ?? 0;
      if (label === 0) {
        gap += 1;
        if (columnGap <= SEAM) gaps[x] = columnGap + 1;
        continue;
      }
      if (label !== last) {
        if (isSeam(gap, last, label)) for (let back = 1; back <= gap; back += 1) take(x - back, y);
        last = label;
      }
      gap = 0;
      if (label !== lasts[x]) {
        if (isSeam(columnGap, lasts[x] ?? 0, label))
          for (let back = 1; back <= columnGap; back += 1) take(x, y - back);
        lasts[x] = label;
      }
      if (columnGap !== 0) gaps[x] = 0;
    }
  }
}

/** The strength only a fifth of a letter's pixels pass: its body, not its soft edge. */
const BODY = 0.8;
/** Share of an outlined letter that its outline has at least, and its body. */
const BOTH = 0.15;
/** A letter drawn with its outline on an even ground is a blob here; seen by its outline it is itself. */
const SILHOUETTE = 0.8;

function measureTones(
  { components, runs }: Labelled,
  ink: Uint8Array,
  darker: Uint8Array,
  found: readonly Component[],
) {
  const index = new Int32Array(components.length + 1).fill(-1);
  found.forEach(({ id }, at) => {
    index[id] = at;
  });
  const histogram = new Uint32Array(found.length * 32);
  const dark = new Uint32Array(found.length);
  for (let run = 0; run < runs.count; run += 1) {
    const slot = index[runs.ids[run] ?? 0] ?? -1;
    if (slot < 0) continue;
    const end = runs.to[run] ?? 0;
    for (let at = runs.from[run] ?? 0; at < end; at += 1) {
      const bin = slot * 32 + ((ink[at] ?? 0) >> 3);
      histogram[bin] = (histogram[bin] ?? 0) + 1;
      dark[slot] = (dark[slot] ?? 0) + (darker[at] ?? 0);
    }
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
