import { dilate } from '../image/bitmask.ts';
import type { PackedColours } from '../image/packed-colours.ts';
import { borderShares, labelComponents, type Component } from '../image/connected-components.ts';
import { clearSeams, compareWithBackground } from './background-contrast.ts';
import { dropLetterBodies, findBackgrounds } from './backgrounds.ts';
import type { Letter, Letters } from './letter.ts';
import { boxHeight, boxWidth } from '../image/raster.ts';
import { measureTones } from './letter-contrast.ts';

/** Pixels of soft edge and JPEG ringing that may lie between a letter and its background. */
const EDGE_REACH_PX = 3;
const MIN_BORDER_SHARE = 0.6;
/** A smaller patch is no dot. */
const MIN_AREA_PX = 4;
/** The ringing around a dot, which has few border pixels, hides more of its background. */
const MAX_SPECK_AREA_PX = 80;
const MIN_SPECK_BORDER_SHARE = 0.35;
/** A letter drawn with its outline on an even background is a blob here; seen by its outline it is itself. */
const SILHOUETTE_FACTOR = 0.8;

export interface FlatLetters extends Letters {
  /** Share of the picture that is even enough to write on, 0–1. */
  backgroundShare: number;
}

/**
 * Finds letters that stand on a background of even colour (paper, bubbles, bars, panels), of any colour and polarity:
 * what differs from the background to its left and has background around it.
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
      full: tones.full(component.id),
      clear: (shares[component.id - 1] ?? 0) * (tones.outlined(component.id) ? SILHOUETTE_FACTOR : 1),
    })),
    backgroundShare: backgroundPixels / (width * height),
  };
}
