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
 * Smallest level of a bright pixel, 0–255.
 *
 * `white` uses the darkest channel, so a blue sky and yellow grass do not join letters. `coloured`
 * uses the brightest channel, so yellow, pink and lime letters count as bright.
 */
const MIN_BRIGHT_LEVEL = { white: 180, coloured: 190 } as const;
/**
 * Level of the brightest channel below which a pixel is dark, 0–255. Outlines are dark; saturated
 * colours are not.
 */
const DARK_LEVEL = 112;
/** Largest distance of an outline from its letter, working pixels. Soft edges need it. */
const OUTLINE_REACH_PX = 4;
/**
 * Largest level step between neighbours in one letter. The trace of a thin outline between letter
 * and bright sky is larger.
 */
const MAX_NEIGHBOUR_STEP = 12;
/** Smallest area of a dot, pixels. */
const MIN_AREA_PX = 9;
/** Smallest share of a letter's border near its outline. */
const MIN_ENCLOSED_SHARE = 0.6;

/**
 * Finds outlined letters: bright patches enclosed by dark ones, on any background.
 *
 * There is one result for white letters and one for coloured letters. The letters include dots and
 * commas. Line grouping later separates text from other bright shapes.
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

/** Mask of bright pixels, and the brightness of each pixel, which becomes the ink map. */
interface BrightMask {
  values: Uint8Array;
  bright: Uint8Array;
}

/** Returns the bright patches that are enclosed by dark pixels. */
function enclosedLetters(
  { values, bright }: BrightMask,
  nearDark: Bitmask,
  width: number,
  height: number,
): Letters {
  // Diagonal neighbours do not connect, so a slanting outline of one pixel separates.
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
      bodyInk: FULL_INK_LEVEL,
      clearShare: shares[component.id - 1] ?? 0,
    }));
  removeSlivers(labelled, letters);
  return { width, height, labels: labelled.labels, ink: values, letters };
}

/** Level of a letter's body after compression, above the dark level. */
const FULL_INK_LEVEL = 235 - DARK_LEVEL;

/**
 * Removes slivers from the label map. Steep edges split into them, and they are then drawn as soft
 * edges of letters.
 */
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
