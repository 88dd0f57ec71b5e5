/** Eight-bit grey, row by row. */
export interface Grey {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Eight-bit sRGB, three bytes per pixel, row by row. */
export interface Rgb {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Edges in pixels; right and bottom are exclusive. */
export interface PixelBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Computes the width of a box, pixels. */
export const boxWidth = ({ left, right }: PixelBox): number => right - left;
/** Computes the height of a box, pixels. */
export const boxHeight = ({ top, bottom }: PixelBox): number => bottom - top;

/** Computes the horizontal centre of a box. */
export const centreX = ({ left, right }: { left: number; right: number }): number => (left + right) / 2;

/** Computes the smallest box around two boxes. */
export function unionBox(a: PixelBox, b: PixelBox): PixelBox {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** Computes the common area of two boxes, as a share of the smaller box, 0–1. */
export function overlapShare(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(boxWidth(a) * boxHeight(a), boxWidth(b) * boxHeight(b));
}

/** Computes the length that two intervals share. It is negative when they are apart. */
export function intervalOverlap(aFrom: number, aTo: number, bFrom: number, bTo: number): number {
  return Math.min(aTo, bTo) - Math.max(aFrom, bFrom);
}
