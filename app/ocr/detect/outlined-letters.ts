import { createBitmask, dilate, type Bitmask } from '../image/bitmask.ts';
import type { PackedColours } from '../image/packed-colours.ts';
import {
  borderShares,
  labelComponents,
  type Component,
  type Labelled,
} from '../image/connected-components.ts';
import type { Letter, Letters } from './letter.ts';
import { boxHeight, boxWidth } from '../image/raster.ts';

/**
 * What counts as bright: `white` looks at a pixel's darkest channel, so that a blue sky and yellow grass are not
 * letters' neighbours; `coloured` at its brightest, in which yellow, pink and lime letters are as bright as white ones.
 */
const MIN_BRIGHT_LEVEL = { white: 180, coloured: 190 } as const;
/** A saturated colour is not dark in its brightest channel; an outline is. */
const DARK_LEVEL = 112;
/** An outline as far away as this many pixels still encloses the letter (soft edges), at the working scale. */
const OUTLINE_REACH_PX = 4;
/** Neighbours in one letter differ less than this; a thin outline's trace between a letter and a bright sky more. */
const MAX_NEIGHBOUR_STEP = 12;
/** A smaller patch is no dot. */
const MIN_AREA_PX = 9;
/** Share of a letter's border that has its outline near. */
const MIN_ENCLOSED_SHARE = 0.6;

/**
 * Finds letters that carry an outline: bright patches enclosedLetters by dark ones, whatever is behind them; once for each
 * way of being bright. Dots and commas are among the letters; which patches are writing, and not the many other bright
 * things, is seen when rows are made.
 */
export function findOutlinedLetters({ width, height, data }: PackedColours): Letters[] {
  const white = createBrightMask(width * height);
  const coloured = createBrightMask(width * height);
  const dark = createBitmask(width, height);
  for (let y = 0; y < height; y += 1)
    classifyPixelRow(
      data.subarray(y * width, (y + 1) * width),
      y * width,
      white,
      coloured,
      dark.words,
      y * dark.stride,
    );
  const nearDark = dilate(dark, OUTLINE_REACH_PX);
  return [white, coloured].map((found) => enclosedLetters(found, nearDark, width, height));
}

const createBrightMask = (size: number): BrightMask => ({
  values: new Uint8Array(size),
  bright: new Uint8Array(size),
});

function classifyPixelRow(
  row: Int32Array,
  from: number,
  { values: whiteness, bright: white }: BrightMask,
  { values: brightness, bright: coloured }: BrightMask,
  dark: Int32Array,
  word: number,
): void {
  for (let x = 0; x < row.length; x += 1) {
    const colour = row[x] ?? 0;
    const red = colour >> 20;
    const green = (colour >> 10) & 255;
    const blue = colour & 255;
    const high = Math.max(red, green, blue);
    if (high <= DARK_LEVEL) {
      const at = word + (x >> 5);
      if (high < DARK_LEVEL) dark[at] = (dark[at] ?? 0) | (1 << (x & 31));
      continue;
    }
    brightness[from + x] = high - DARK_LEVEL;
    if (high >= MIN_BRIGHT_LEVEL.coloured) coloured[from + x] = 1;
    const low = Math.min(red, green, blue);
    if (low <= DARK_LEVEL) continue;
    whiteness[from + x] = low - DARK_LEVEL;
    if (low >= MIN_BRIGHT_LEVEL.white) white[from + x] = 1;
  }
}

/** Pixels bright enough for a letter, and how bright each pixel is: what becomes the ink map. */
interface BrightMask {
  values: Uint8Array;
  bright: Uint8Array;
}

/** The bright patches that have dark around them. */
function enclosedLetters(
  { values, bright }: BrightMask,
  nearDark: Bitmask,
  width: number,
  height: number,
): Letters {
  // Corners do not connect: a slanting outline one pixel wide has to hold.
  const labelled = labelComponents(bright, width, height, 4, MIN_AREA_PX, {
    values,
    step: MAX_NEIGHBOUR_STEP,
  });
  const fits = (component: Component) => {
    const [w, h] = [boxWidth(component), boxHeight(component)];
    return h >= 3 && w >= 2 && h <= 0.3 * height && w <= 0.5 * width;
  };
  const shares = borderShares(labelled, nearDark, fits);
  const letters = labelled.components
    .filter((component) => fits(component) && (shares[component.id - 1] ?? 0) >= MIN_ENCLOSED_SHARE)
    .map((component): Letter => ({
      ...component,
      full: FULL_INK_LEVEL,
      clear: shares[component.id - 1] ?? 0,
    }));
  removeSlivers(labelled, letters);
  return { width, height, labels: labelled.labels, ink: values, letters };
}

/** A letter's body is this bright after compression. */
const FULL_INK_LEVEL = 235 - DARK_LEVEL;

/** Steep edges fall apart into slivers; given up as components they are drawn as the soft edges of the letters again. */
function removeSlivers({ labels, components, runs }: Labelled, letters: readonly Letter[]): void {
  const sliver = new Uint8Array(components.length + 1);
  for (const component of components) {
    if (
      Math.min(boxWidth(component), boxHeight(component)) <= MAX_SLIVER_SIDE_PX ||
      component.area < MIN_PART_AREA_PX
    )
      sliver[component.id] = 1;
  }
  for (const { id } of letters) sliver[id] = 0;
  for (let run = 0; run < runs.count; run += 1) {
    if (sliver[runs.ids[run] ?? 0] === 1) labels.fill(0, runs.from[run], runs.to[run]);
  }
}

const MAX_SLIVER_SIDE_PX = 3;
const MIN_PART_AREA_PX = 12;
