import type { PixelBox } from './image/raster.ts';

export interface StripPlan {
  /** Pixels looked at per pixel of the picture. */
  scale: number;
  /** Parts of the picture, in its own pixels, in order along its long side; they overlapShare. */
  strips: PixelBox[];
}

/** Small pictures are enlarged: letters need some pixels before they come apart. */
const MAX_SCALE = 2.5;
/** A picture longer than this many times its width is looked at in parts. */
const MAX_ASPECT_RATIO = 2.6;
/** Short side of a part, at most. */
const MAX_SHORT_SIDE_PX = 1_100;
const MAX_STRIPS = 9;
/** Parts overlapShare by this much of their length, so that no line is cut in both. */
const OVERLAP_SHARE = 0.1;

/** How to look at a picture of this size, about `pixels` of it in one piece. */
export function planStrips(width: number, height: number, pixels: number): StripPlan {
  const [long, short] = width > height ? [width, height] : [height, width];
  const whole = Math.min(MAX_SCALE, Math.sqrt(pixels / (width * height)));
  if (long <= MAX_ASPECT_RATIO * short || whole >= 1) {
    return { scale: whole, strips: [{ left: 0, top: 0, right: width, bottom: height }] };
  }
  let scale = Math.min(MAX_SCALE, MAX_SHORT_SIDE_PX / short);
  let length = stripLength(pixels, short, scale);
  let count = stripCount(long, length);
  // Too many: a smaller scale makes each part cover more. The parts grow with the square of it.
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
