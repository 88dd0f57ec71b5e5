import { hasBit, type Bitmask } from './bitmask.ts';
import type { PixelBox } from './raster.ts';
import { unionFind } from './union-find.ts';

/** A connected patch of a mask. */
export interface Component extends PixelBox {
  /** Number in the label map, from 1. The label 0 means no component. */
  id: number;
  /** Area in pixels. */
  area: number;
}

/** The connected components of a mask. */
export interface Labelled {
  width: number;
  height: number;
  /** Component numbers, row by row. */
  labels: Int32Array;
  components: Component[];
  /**
   * The components as runs of pixels in one row: first index, index after the last, component
   * number.
   */
  runs: { from: Int32Array; to: Int32Array; ids: Int32Array; count: number };
}

/** Connects two neighbours only when their values differ by at most `step`. */
export interface Guide {
  values: Uint8Array;
  step: number;
}

/**
 * Labels the connected components of a mask (non-zero bytes).
 *
 * Runs of each row are joined with touching runs of the row above. Time grows with the number of
 * pixels only, for any pattern.
 *
 * @param connectivity - 4: shared edges connect; 8: corners connect, too (not with a guide)
 * @param minArea - pixels; smaller patches get label 0, because noise has more specks than memory
 *   holds
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
      // The pixel that ended this run may start the next one.
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

/** Tells whether any pixel of this run is connected with the pixel below it. */
function isConnected(values: Uint8Array, left: number, right: number, width: number, step: number): boolean {
  for (let at = left; at < right; at += 1)
    if (Math.abs((values[at] ?? 0) - (values[at + width] ?? 0)) <= step) return true;
  return false;
}

/** Numbers the components and measures them. A root is the first run of its component. */
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
    // The entry of the root already holds its component number.
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
 * Computes the share of each component's border that lies on `near`, 0–1.
 *
 * A border pixel has a 4-neighbour outside the component. The picture's edge is not a border.
 *
 * @param fits - selects components by size; the others get 0
 * @returns shares; the index is the component number minus one
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
