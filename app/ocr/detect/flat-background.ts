import { dilate } from '../image/bitmask.ts';
import type { PackedColours } from '../image/packed-colours.ts';
import { borderShares, labelComponents, type Component } from '../image/connected-components.ts';
import { clearSeams, compareWithBackground } from './background-contrast.ts';
import { dropLetterBodies, findBackgrounds } from './backgrounds.ts';
import type { Letter, Letters } from './letter.ts';
import { boxHeight, boxWidth } from '../image/raster.ts';
import { measureTones } from './letter-contrast.ts';

/**
 * Width of the soft edge and JPEG ringing between a letter and its background, pixels. The border
 * share below is the smallest share of a letter's border near background.
 */
const EDGE_REACH_PX = 3;
const MIN_BORDER_SHARE = 0.6;
/** Smallest area of a dot, pixels. */
const MIN_AREA_PX = 4;
/**
 * Area below which a patch counts as a speck, pixels. A speck has few border pixels, and ringing
 * hides more of its background.
 */
const MAX_SPECK_AREA_PX = 80;
const MIN_SPECK_BORDER_SHARE = 0.35;
/**
 * Factor for a letter drawn with its outline. It is a blob here, but the outline method sees it
 * well.
 */
const SILHOUETTE_FACTOR = 0.8;

/** Letters on flat backgrounds. */
export interface FlatLetters extends Letters {
  /** Share of the picture that is background, 0–1. */
  backgroundShare: number;
}

/**
 * Finds letters on a background of even colour (paper, bubbles, bars, panels).
 *
 * Both colours may be any. A letter differs from the background on its left and has background
 * around it.
 */
export function findFlatLetters(picture: PackedColours): FlatLetters {
  const { width, height } = picture;
  const { labels: background, backgrounds } = dropLetterBodies(findBackgrounds(picture), width, height);
  const { ink, mask, darker, isBackground, backgroundPixels } = compareWithBackground(picture, {
    labels: background,
    backgrounds,
  });
  clearSeams(mask, isBackground, { labels: background, backgrounds }, width, height);
  const labelled = labelComponents(mask, width, height, 8, MIN_AREA_PX);
  const fits = (component: Component) => {
    const [w, h] = [boxWidth(component), boxHeight(component)];
    return h >= 2 && h <= 0.3 * height && w <= 0.6 * width;
  };
  const shares = borderShares(labelled, dilate(isBackground, EDGE_REACH_PX), fits);
  const found = labelled.components.filter(
    (component) =>
      fits(component) &&
      (shares[component.id - 1] ?? 0) >=
        (component.area < MAX_SPECK_AREA_PX ? MIN_SPECK_BORDER_SHARE : MIN_BORDER_SHARE),
  );
  const tones = measureTones(labelled, ink, darker, found);
  return {
    width,
    height,
    labels: labelled.labels,
    background: {
      labels: background,
      brightness: backgrounds.map(({ red, green, blue }) => Math.max(red, green, blue)),
    },
    ink,
    letters: found.map((component): Letter => ({
      ...component,
      bodyInk: tones.bodyInk(component.id),
      clearShare: (shares[component.id - 1] ?? 0) * (tones.outlined(component.id) ? SILHOUETTE_FACTOR : 1),
    })),
    backgroundShare: backgroundPixels / (width * height),
  };
}
