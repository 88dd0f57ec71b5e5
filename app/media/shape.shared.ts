import { MAX_THUMB_ASPECT, MIN_THUMB_ASPECT, THUMB_WIDTH_PIXELS } from './thumbnail.limits.ts';

/** Width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A picture higher than this many widths is tall: shown whole, nobody can read it. */
const TALL_RATIO = 2.5;

/**
 * Tells whether a picture is a strip to be scrolled. A screenshot of a whole phone is none.
 *
 * @example
 * isTall({ width: 1080, height: 12_000 }); // true
 */
export const isTall = ({ width, height }: Size): boolean => height > TALL_RATIO * width;

/**
 * Returns the aspect (height : width) at which a picture is shown among others. Tile and thumbnail
 * have the same.
 *
 * @example
 * thumbAspect({ width: 1080, height: 12_000 }); // 2
 */
export const thumbAspect = ({ width, height }: Size): number =>
  Math.min(MAX_THUMB_ASPECT, Math.max(MIN_THUMB_ASPECT, height / width || 1));

/**
 * Returns the part of a picture that its thumbnail shows, in pixels of the picture.
 *
 * @example
 * thumbPart({ width: 12_000, height: 400 }); // { width: 1000, height: 400 }
 */
export function thumbPart({ width, height }: Size): Size {
  const aspect = thumbAspect({ width, height });
  return {
    width: Math.max(1, Math.round(Math.min(width, height / aspect))),
    height: Math.max(1, Math.round(Math.min(height, width * aspect))),
  };
}

/**
 * Returns the size of the thumbnail of a picture. It is never enlarged.
 *
 * @param most its width at most, in pixels
 * @example
 * thumbSize({ width: 1170, height: 2532 }); // { width: 600, height: 1200 }
 */
export function thumbSize(picture: Size, most = THUMB_WIDTH_PIXELS): Size {
  const part = thumbPart(picture);
  const scale = Math.min(1, most / part.width);
  return {
    width: Math.max(1, Math.round(part.width * scale)),
    height: Math.max(1, Math.round(part.height * scale)),
  };
}
