import { dilate } from '../image/bitmask.ts';
import type { Colours } from '../image/packed-colours.ts';
import { borderShares, labelComponents, type Component } from '../image/connected-components.ts';
import { clearSeams, compareWithGround } from './background-contrast.ts';
import { dropLetterBodies, findGrounds } from './backgrounds.ts';
import type { Letter, Letters } from './letter.ts';
import { boxHeight, boxWidth } from '../image/raster.ts';
import { measureTones } from './letter-contrast.ts';

/** Pixels of soft edge and JPEG ringing that may lie between a letter and its ground. */
const REACH = 3;
const BORDERED = 0.6;
/** A smaller patch is no dot. */
const MIN_AREA = 4;
/** The ringing around a dot, which has few border pixels, hides more of its ground. */
const SPECK = 80;
const BORDERED_SPECK = 0.35;
/** A letter drawn with its outline on an even ground is a blob here; seen by its outline it is itself. */
const SILHOUETTE = 0.8;

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
    ground: {
      labels: ground,
      brightness: grounds.map(({ red, green, blue }) => Math.max(red, green, blue)),
    },
    ink,
    letters: found.map((component): Letter => ({
      ...component,
      full: tones.full(component.id),
      clear: (shares[component.id - 1] ?? 0) * (tones.outlined(component.id) ? SILHOUETTE : 1),
    })),
    groundShare: groundPixels / (width * height),
  };
}
