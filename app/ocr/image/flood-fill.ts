import { blueOf, greenOf, GUARD_BITS, packColour, redOf, type PackedColours } from './packed-colours.ts';

/** A patch of even colour. Its runs lie in one row each: first index, index after the last. */
export interface ColourPatch {
  area: number;
  starts: Int32Array;
  ends: Int32Array;
}

/** State bits of a pixel: like its left neighbour, like the pixel above, already in a patch. */
const LIKE_LEFT = 1;
const LIKE_ABOVE = 2;
const VISITED = 4;

/**
 * Calls `visit` for every patch of even colour with at least `minArea` pixels.
 *
 * Neighbours that share an edge differ by at most `step` in each channel. Every pixel differs from
 * the first one by at most `spread`. The next patch reuses the arrays. Time grows with the number
 * of pixels only.
 */
export function findPatches(
  { width, height, data }: PackedColours,
  { step, spread, minArea }: { step: number; spread: number; minArea: number },
  visit: (patch: ColourPatch) => void,
): void {
  const size = width * height;
  const states = likeness(data, width, step);
  const starts = new Int32Array(size);
  const ends = new Int32Array(size);
  for (let seed = 0; seed < size; seed += 1) {
    if (((states[seed] ?? 0) & VISITED) !== 0) continue;
    const [low, high] = limits(data[seed] ?? 0, spread);
    let spans = 0;
    let area = 0;
    // The search starts in the seed's row. Then it covers the rows above and below every run.
    let [from, to, link, offset] = [seed, seed + 1, 0, 0];
    for (let next = 0; ;) {
      for (let beside = from; beside < to; beside += 1) {
        const at = beside + offset;
        if (((states[at] ?? 0) & VISITED) !== 0) continue;
        // The lower pixel of a pair has the bit that tells whether they are alike.
        if (link !== 0 && ((states[offset < 0 ? beside : at] ?? 0) & LIKE_ABOVE) === 0) continue;
        const colour = data[at] ?? 0;
        if (((colour + low) & (high - colour) & GUARD_BITS) !== GUARD_BITS) continue;
        let start = at;
        while (((states[start] ?? 0) & LIKE_LEFT) !== 0 && ((states[start - 1] ?? 0) & VISITED) === 0) {
          const left = data[start - 1] ?? 0;
          if (((left + low) & (high - left) & GUARD_BITS) !== GUARD_BITS) break;
          start -= 1;
          states[start] = (states[start] ?? 0) | VISITED;
        }
        states[at] = (states[at] ?? 0) | VISITED;
        let end = at + 1;
        for (; end < size; end += 1) {
          const state = states[end] ?? 0;
          if ((state & (LIKE_LEFT | VISITED)) !== LIKE_LEFT) break;
          const right = data[end] ?? 0;
          if (((right + low) & (high - right) & GUARD_BITS) !== GUARD_BITS) break;
          states[end] = state | VISITED;
        }
        starts[spans] = start;
        ends[spans] = end;
        spans += 1;
        area += end - start;
      }
      const span = next >> 1;
      if (span >= spans) break;
      offset = (next & 1) === 0 ? -width : width;
      link = LIKE_ABOVE;
      from = starts[span] ?? 0;
      to = ends[span] ?? 0;
      if (from + offset < 0 || to + offset > size) to = from;
      next += 1;
    }
    if (area >= minArea) visit({ area, starts: starts.subarray(0, spans), ends: ends.subarray(0, spans) });
  }
}

/** Computes for each pixel whether it is like its left neighbour and like the pixel above. */
function likeness(data: Int32Array, width: number, step: number): Uint8Array {
  const states = new Uint8Array(data.length);
  // The sum of a colour and this slack, minus another colour, keeps its guard bits within `step`.
  const slack = GUARD_BITS + packColour(step, step, step);
  for (let row = 0; row < data.length; row += width) {
    for (let at = row; at < row + width; at += 1) {
      const colour = data[at] ?? 0;
      const left = data[at - 1] ?? 0;
      const above = data[at - width] ?? 0;
      let state = 0;
      if (at > row && ((colour + slack - left) & (left + slack - colour) & GUARD_BITS) === GUARD_BITS)
        state = LIKE_LEFT;
      if (row > 0 && ((colour + slack - above) & (above + slack - colour) & GUARD_BITS) === GUARD_BITS)
        state |= LIKE_ABOVE;
      states[at] = state;
    }
  }
  return states;
}

/**
 * Computes the addend and the minuend for a colour test. The guard bits stay set while a colour is
 * within `spread`.
 */
function limits(colour: number, spread: number): [number, number] {
  const [red, green, blue] = [redOf(colour), greenOf(colour), blueOf(colour)];
  const lowest = (value: number) => Math.max(0, value - spread);
  const highest = (value: number) => Math.min(255, value + spread);
  return [
    GUARD_BITS - packColour(lowest(red), lowest(green), lowest(blue)),
    GUARD_BITS + packColour(highest(red), highest(green), highest(blue)),
  ];
}
