import { borderShares, dilate, labelComponents, type Component, type Labelled } from './components.ts';
import type { Letter, Letters } from './letters.ts';
import { boxHeight, boxWidth, type Rgb } from './raster.ts';

/**
 * What counts as bright: `white` looks at a pixel's darkest channel, so that a blue sky and yellow grass are not
 * letters' neighbours; `coloured` at its brightest, in which yellow, pink and lime letters are as bright as white ones.
 */
const BRIGHT = { white: 180, coloured: 190 } as const;
/** A saturated colour is not dark in its brightest channel; an outline is. */
const DARK = 112;
/** An outline as far away as this many pixels still encloses the letter (soft edges), in pictures of 1.6 megapixels. */
const REACH = 4;
/** Neighbours in one letter differ less than this; a thin outline's trace between a letter and a bright sky more. */
const STEP = 12;
/** Share of a letter's border that has its outline near. */
const ENCLOSED = 0.6;

/**
 * Finds letters that carry an outline: bright patches enclosed by dark ones, whatever is behind them; once for each
 * way of being bright. Dots and commas are among the letters; which patches are writing, and not the many other bright
 * things, is seen when rows are made.
 */
export function findOutlinedLetters({ width, height, data }: Rgb): Letters[] {
  const size = width * height;
  const least = new Uint8Array(size);
  const most = new Uint8Array(size);
  const dark = new Uint8Array(size);
  for (let at = 0, byte = 0; at < size; at += 1, byte += 3) {
    const red = data[byte] ?? 0;
    const green = data[byte + 1] ?? 0;
    const blue = data[byte + 2] ?? 0;
    const high = Math.max(red, green, blue);
    most[at] = high;
    least[at] = Math.min(red, green, blue);
    if (high < DARK) dark[at] = 1;
  }
  const nearDark = dilate(dark, width, height, REACH);
  return [
    enclosed(least, BRIGHT.white, nearDark, width, height),
    enclosed(most, BRIGHT.coloured, nearDark, width, height),
  ];
}

/** The bright patches that have dark around them. `values` becomes the ink map. */
function enclosed(
  values: Uint8Array,
  threshold: number,
  nearDark: Uint8Array,
  width: number,
  height: number,
): Letters {
  const bright = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    if (value >= threshold) bright[at] = 1;
    values[at] = value > DARK ? value - DARK : 0;
  }
  // Corners do not connect: a slanting outline one pixel wide has to hold.
  const labelled = labelComponents(bright, width, height, 4, values, STEP);
  const fits = (component: Component) => {
    const [w, h] = [boxWidth(component), boxHeight(component)];
    return h >= 3 && w >= 2 && component.area >= 9 && h <= 0.3 * height && w <= 0.5 * width;
  };
  const shares = borderShares(labelled, nearDark, width, height, fits);
  const letters = labelled.components
    .filter((component) => fits(component) && (shares[component.id - 1] ?? 0) >= ENCLOSED)
    .map((component): Letter => ({ ...component, full: FULL, clear: shares[component.id - 1] ?? 0 }));
  forgetSlivers(labelled, letters);
  return { width, height, labels: labelled.labels, ink: values, letters };
}

/** A letter's body is this bright after compression. */
const FULL = 235 - DARK;

/** Steep edges fall apart into slivers; given up as components they are drawn as the soft edges of the letters again. */
function forgetSlivers({ labels, components }: Labelled, letters: readonly Letter[]): void {
  const sliver = new Uint8Array(components.length + 1);
  for (const component of components) {
    if (Math.min(boxWidth(component), boxHeight(component)) <= SLIVER || component.area < SLIVER_AREA)
      sliver[component.id] = 1;
  }
  for (const { id } of letters) sliver[id] = 0;
  for (let at = 0; at < labels.length; at += 1) {
    if (sliver[labels[at] ?? 0] === 1) labels[at] = 0;
  }
}
const SLIVER = 3;
const SLIVER_AREA = 12;
