import { hasBit, type Bitmask } from './bitmask.ts';
import type { PixelBox } from './raster.ts';
import { unionFind } from './union-find.ts';

/** A connected patch of a mask. */
export interface Component extends PixelBox {
  /** Its number in the label map; 0 there is what belongs to none. */
  id: number;
  /** Pixels. */
  area: number;
}

export interface Labelled {
  width: number;
  height: number;
  /** Component numbers, row by row. */
  labels: Int32Array;
  components: Component[];
  /** The same as stretches of pixels in one row: index of the first, one past the last, number of the component. */
  runs: { from: Int32Array; to: Int32Array; ids: Int32Array; count: number };
}

/** Neighbours whose values differ by more than the step are not connected. */
export interface Guide {
  values: Uint8Array;
  step: number;
}

/**
 * Numbers the connected components of a mask (non-zero bytes): runs of each row are joined with those they touch in the
 * row above. Time grows with the pixels only, whatever their pattern.
 *
 * @param minArea - pixels; what is smaller belongs to none: noise has more specks than memory holds components
 * @param connectivity - 4: pixels that share an edge; 8: a corner is enough (not with a guide)
 */
export function labelComponents(
  mask: Uint8Array,
  width: number,
  height: number,
  connectivity: 4 | 8,
  minArea: number,
  guide?: Guide,
): Labelled {
  let from = new Int32Array(INITIAL_RUN_CAPACITY);
  let to = new Int32Array(INITIAL_RUN_CAPACITY);
  const sets = unionFind(INITIAL_RUN_CAPACITY);
  const { values, step } = guide ?? { values: mask, step: 255 };
  const corner = connectivity === 8 ? 1 : 0;
  let count = 0;
  let above = 0;
  for (let y = 0; y < height; y += 1) {
    const first = count;
    const rowEnd = (y + 1) * width;
    for (let at = y * width; at < rowEnd; at += 1) {
      if (mask[at] === 0) continue;
      const start = at;
      at += 1;
      while (at < rowEnd && mask[at] !== 0 && Math.abs((values[at] ?? 0) - (values[at - 1] ?? 0)) <= step)
        at += 1;
      if (count === from.length) [from, to] = [doubled(from), doubled(to)];
      from[count] = start;
      to[count] = at;
      count += 1;
      sets.add();
      // The pixel that ended the run may begin the next one.
      at -= 1;
    }
    for (let run = first, up = above; run < count && up < first;) {
      const start = (from[run] ?? 0) - width;
      const end = (to[run] ?? 0) - width;
      const upEnd = to[up] ?? 0;
      const left = Math.max(start, from[up] ?? 0);
      const right = Math.min(end, upEnd);
      if (left < right + corner && (step === 255 || isConnected(values, left, right, width, step)))
        sets.unite(run, up);
      if (upEnd < end + corner) up += 1;
      else run += 1;
    }
    above = first;
  }
  return number({ from, to, ids: sets.roots(count), count }, width, height, minArea);
}

const INITIAL_RUN_CAPACITY = 1 << 15;

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Whether a pixel of this stretch is like the one below it. */
function isConnected(values: Uint8Array, left: number, right: number, width: number, step: number): boolean {
  for (let at = left; at < right; at += 1)
    if (Math.abs((values[at] ?? 0) - (values[at + width] ?? 0)) <= step) return true;
  return false;
}

/** Turns the roots of the runs, which come first among their component's runs, into numbers, and measures. */
function number(runs: Labelled['runs'], width: number, height: number, minArea: number): Labelled {
  const labels = new Int32Array(width * height);
  const components: Component[] = [];
  const { from, to, ids, count } = runs;
  const areas = new Int32Array(count);
  for (let run = 0; run < count; run += 1) {
    const root = ids[run] ?? 0;
    areas[root] = (areas[root] ?? 0) + (to[run] ?? 0) - (from[run] ?? 0);
  }
  for (let run = 0; run < count; run += 1) {
    const root = ids[run] ?? 0;
    if ((areas[root] ?? 0) < minArea) {
      ids[run] = 0;
      continue;
    }
    // A root's own entry has become its component's number already.
    let id = root === run ? 0 : (ids[root] ?? 0);
    const start = from[run] ?? 0;
    const end = to[run] ?? 0;
    const y = Math.floor(start / width);
    const left = start - y * width;
    const right = end - y * width;
    const component = components[id - 1];
    if (component === undefined) {
      id = components.length + 1;
      components.push({ id, left, top: y, right, bottom: y + 1, area: end - start });
    } else {
      component.area += end - start;
      if (left < component.left) component.left = left;
      if (right > component.right) component.right = right;
      component.bottom = y + 1;
    }
    ids[run] = id;
    labels.fill(id, start, end);
  }
  return { width, height, labels, components, runs };
}

/**
 * For each component of size `fits` the share of its border (pixels with a 4-neighbour outside it) that lies on `near`,
 * 0–1, by component number minus one; 0 for the others. The picture's own edge is no border.
 */
export function borderShares(
  { width, height, labels, components, runs }: Labelled,
  near: Bitmask,
  fits: (component: Component) => boolean,
): Float32Array {
  const wanted = new Uint8Array(components.length + 1);
  for (const component of components) if (fits(component)) wanted[component.id] = 1;
  const border = new Uint32Array(components.length);
  const met = new Uint32Array(components.length);
  for (let run = 0; run < runs.count; run += 1) {
    const id = runs.ids[run] ?? 0;
    if (wanted[id] === 0) continue;
    const start = runs.from[run] ?? 0;
    const end = runs.to[run] ?? 0;
    const y = Math.floor(start / width);
    const row = y * width;
    let pixels = 0;
    let hits = 0;
    for (let at = start; at < end; at += 1) {
      const inside =
        (y === 0 || labels[at - width] === id) &&
        (y + 1 === height || labels[at + width] === id) &&
        (at > start || at === row || labels[at - 1] === id) &&
        (at + 1 < end || at + 1 === row + width || labels[at + 1] === id);
      if (inside) continue;
      pixels += 1;
      if (hasBit(near, at - row, y)) hits += 1;
    }
    border[id - 1] = (border[id - 1] ?? 0) + pixels;
    met[id - 1] = (met[id - 1] ?? 0) + hits;
  }
  return Float32Array.from(border, (count, index) => (count === 0 ? 0 : (met[index] ?? 0) / count));
}
