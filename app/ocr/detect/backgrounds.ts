import type { PackedColours } from '../image/packed-colours.ts';
import { findPatches } from '../image/flood-fill.ts';
import type { PixelBox } from '../image/raster.ts';

/** A patch of even colour, large enough for text: paper, a bubble, a bar, a panel. */
export interface Background extends PixelBox {
  area: number;
  /** Mean colour, whole numbers. */
  red: number;
  green: number;
  blue: number;
}

/** The backgrounds of a picture with their label map. */
export interface Backgrounds {
  /** Number of the background of each pixel; 0 for none. */
  labels: Uint16Array;
  /** Backgrounds; the index is the number minus one. */
  backgrounds: Background[];
}

/**
 * Largest channel difference between neighbours, and from the first pixel of the patch. JPEG noise
 * is below both limits, an edge is not.
 */
const MAX_NEIGHBOUR_STEP = 7;
const MAX_PATCH_SPREAD = 26;
/** Smallest area of a background, as a share of the picture. */
const MIN_BACKGROUND_AREA_SHARE = 0.004;
const MAX_BACKGROUNDS = 2000;

/** Finds the backgrounds of a picture. Very bold letters may be among them. */
export function findBackgrounds({ width, height, data }: PackedColours): Backgrounds {
  const size = width * height;
  const labels = new Uint16Array(size);
  const backgrounds: Background[] = [];
  const minArea = Math.max(64, Math.round(size * MIN_BACKGROUND_AREA_SHARE));
  findPatches(
    { width, height, data },
    { step: MAX_NEIGHBOUR_STEP, spread: MAX_PATCH_SPREAD, minArea },
    ({ area, starts, ends }) => {
      if (backgrounds.length >= MAX_BACKGROUNDS) return;
      starts.forEach((start, span) => labels.fill(backgrounds.length + 1, start, ends[span]));
      backgrounds.push({ area, ...edges(starts, ends, width), ...meanColour(starts, ends, data, area) });
    },
  );
  return { labels, backgrounds };
}

function edges(starts: Int32Array, ends: Int32Array, width: number): PixelBox {
  const box = { left: width, top: Infinity, right: 0, bottom: 0 };
  starts.forEach((start, span) => {
    const y = Math.floor(start / width);
    box.left = Math.min(box.left, start - y * width);
    box.right = Math.max(box.right, (ends[span] ?? 0) - y * width);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + 1);
  });
  return box;
}

function meanColour(starts: Int32Array, ends: Int32Array, data: Int32Array, area: number) {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let span = 0; span < starts.length; span += 1) {
    const end = ends[span] ?? 0;
    for (let at = starts[span] ?? 0; at < end; at += 1) {
      const colour = data[at] ?? 0;
      red += colour >> 20;
      green += (colour >> 10) & 255;
      blue += colour & 255;
    }
  }
  return { red: Math.round(red / area), green: Math.round(green / area), blue: Math.round(blue / area) };
}

/** Computes the largest channel difference of two mean colours, 0–255. */
export function contrast(a: Background, b: Background): number {
  return Math.max(Math.abs(a.red - b.red), Math.abs(a.green - b.green), Math.abs(a.blue - b.blue));
}

/** Width of the soft edge and JPEG ringing between two touching backgrounds, pixels. */
const MAX_EDGE_PX = 6;
/** Share of a patch's edges that border on one other background. */
const MIN_SURROUNDED_SHARE = 0.75;
const MIN_BODY_CONTRAST = 30;
/**
 * Largest contrast of two backgrounds that count as one. The hole of a D is a background of its
 * own, in the colour of the paper.
 */
const MAX_SAME_COLOUR_CONTRAST = 16;

/**
 * Removes the bodies of very bold letters from the label map.
 *
 * Such a body is as large and even as a small speech bubble. But the same larger background lies
 * left and right of it, nearly everywhere. A bubble contains letters, whose edges outnumber its
 * own.
 */
export function dropLetterBodies(
  { labels, backgrounds }: Backgrounds,
  width: number,
  height: number,
): Backgrounds {
  const maxHeight = 0.3 * height;
  const small = backgrounds.map(
    (background) =>
      background.bottom - background.top <= maxHeight && background.right - background.left <= 0.5 * width,
  );
  if (!small.includes(true)) return { labels, backgrounds };
  const edges = backgrounds.map(() => 0);
  const beyond = backgrounds.map(() => new Map<number, number>());
  const recordEdge = (one: number, other: number) => {
    if (one === 0 || !small[one - 1]) return;
    edges[one - 1] = (edges[one - 1] ?? 0) + 1;
    if (other === 0 || other === one) return;
    const counts = beyond[one - 1];
    counts?.set(other, (counts.get(other) ?? 0) + 1);
  };
  for (let y = 0; y < height; y += 1) {
    let last = 0;
    let end = 0;
    let label = 0;
    for (let at = y * width, x = 0; x < width; at += 1, x += 1) {
      const next = labels[at] ?? 0;
      if (next === label) continue;
      if (label !== 0) [last, end] = [label, x - 1];
      label = next;
      if (label === 0 || (label === last && x - end <= 1)) continue;
      const touching = x - end <= MAX_EDGE_PX + 1;
      recordEdge(last, touching ? label : 0);
      recordEdge(label, touching ? last : 0);
    }
    recordEdge(label === 0 ? last : label, 0);
  }
  const dropped = backgrounds.map((background, index) => {
    const counts = [...(beyond[index] ?? [])].sort((a, b) => b[1] - a[1]);
    const most = backgrounds[(counts[0]?.[0] ?? 0) - 1];
    if (!small[index] || most === undefined) return false;
    let [area, touching] = [0, 0];
    for (const [label, count] of counts) {
      const other = backgrounds[label - 1];
      if (other === undefined || contrast(most, other) > MAX_SAME_COLOUR_CONTRAST) continue;
      area += other.area;
      touching += count;
    }
    return (
      area > background.area &&
      contrast(background, most) >= MIN_BODY_CONTRAST &&
      touching >= MIN_SURROUNDED_SHARE * (edges[index] ?? 0)
    );
  });
  if (!dropped.includes(true)) return { labels, backgrounds };
  const kept = Uint16Array.from([0, ...dropped.map((drop, index) => (drop ? 0 : index + 1))]);
  for (let at = 0; at < labels.length; at += 1) labels[at] = kept[labels[at] ?? 0] ?? 0;
  return { labels, backgrounds };
}
