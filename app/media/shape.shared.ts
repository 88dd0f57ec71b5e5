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
