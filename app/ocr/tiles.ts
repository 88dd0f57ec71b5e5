import type { PixelBox } from './image/raster.ts';

/** Division of a picture into strips at one scale. */
export interface StripPlan {
  /** Working pixels per picture pixel. */
  scale: number;
  /** Overlapping parts of the picture, in its own pixels, in order along its long side. */
  strips: PixelBox[];
}

/** Largest enlargement of a small picture. Letters need some pixels to be separable. */
const MAX_SCALE = 2.5;
/** Ratio of the sides above which a picture is split into strips. */
const MAX_ASPECT_RATIO = 2.6;
/** Largest short side of a strip, working pixels. */
const MAX_SHORT_SIDE_PX = 1_100;
const MAX_STRIPS = 9;
/** Overlap of neighbouring strips, share of their length. No line is cut in both of them. */
const OVERLAP_SHARE = 0.1;

/**
 * Plans the strips of a picture.
 *
 * @param width - picture width, pixels
 * @param height - picture height, pixels
 * @param pixels - size of one working strip, pixels
 */
export function planStrips(width: number, height: number, pixels: number): StripPlan {
  const [long, short] = width > height ? [width, height] : [height, width];
  const whole = Math.min(MAX_SCALE, Math.sqrt(pixels / (width * height)));
  if (long <= MAX_ASPECT_RATIO * short || whole >= 1) {
    return { scale: whole, strips: [{ left: 0, top: 0, right: width, bottom: height }] };
  }
  let scale = Math.min(MAX_SCALE, MAX_SHORT_SIDE_PX / short);
  let length = stripLength(pixels, short, scale);
  let count = stripCount(long, length);
  // There are too many strips. A smaller scale makes each strip cover more, with the square of the
  // scale.
  if (count > MAX_STRIPS) {
    const covered = length + (MAX_STRIPS - 1) * length * (1 - OVERLAP_SHARE);
    scale *= Math.sqrt(covered / long);
    length = stripLength(pixels, short, scale);
    count = Math.min(MAX_STRIPS, stripCount(long, length));
  }
  const step = count === 1 ? 0 : (long - length) / (count - 1);
  const strips = Array.from({ length: count }, (_, index): PixelBox => {
    const from = Math.round(index * step);
    const to = Math.min(long, Math.ceil(from + length));
    return width > height
      ? { left: from, right: to, top: 0, bottom: height }
      : { left: 0, right: width, top: from, bottom: to };
  });
  return { scale, strips };
}

const stripLength = (pixels: number, short: number, scale: number) => pixels / (short * scale * scale);
const stripCount = (long: number, length: number) =>
  Math.max(1, Math.ceil((long - length * OVERLAP_SHARE) / (length * (1 - OVERLAP_SHARE)) - 1e-6));
