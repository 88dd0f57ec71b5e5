import type { Box } from './raster.ts';

/** A connected patch of a mask. */
export interface Component extends Box {
  /** Its number in the label map; 0 there is what belongs to none. */
  id: number;
  /** Pixels. */
  area: number;
}

export interface Labelled {
  /** Component numbers, row by row. */
  labels: Int32Array;
  components: Component[];
}

/**
 * Numbers the connected components of a mask (non-zero bytes), by two passes with union-find: time grows with the
 * pixels only, whatever their pattern.
 *
 * @param connectivity - 4: pixels that share an edge; 8: a corner is enough
 * @param guide - with `step`: 4-neighbours whose guide values differ by more than the step are not connected
 */
export function labelComponents(
  mask: Uint8Array,
  width: number,
  height: number,
  connectivity: 4 | 8,
  guide: Uint8Array = mask,
  step = 255,
): Labelled {
  const labels = new Int32Array(width * height);
  const parents: number[] = [0];

  function root(label: number): number {
    let at = label;
    for (;;) {
      const parent = parents[at] ?? 0;
      if (parent === at) return at;
      const grandparent = parents[parent] ?? 0;
      parents[at] = grandparent;
      at = grandparent;
    }
  }

  function unite(a: number, b: number): number {
    const [x, y] = [root(a), root(b)];
    if (x === y) return x;
    const [low, high] = x < y ? [x, y] : [y, x];
    parents[high] = low;
    return low;
  }

  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    for (let x = 0; x < width; x += 1) {
      const at = row + x;
      if (mask[at] === 0) continue;
      let west = x > 0 ? (labels[at - 1] ?? 0) : 0;
      let north = y > 0 ? (labels[at - width] ?? 0) : 0;
      if (step < 255) {
        const value = guide[at] ?? 0;
        if (west !== 0 && Math.abs((guide[at - 1] ?? 0) - value) > step) west = 0;
        if (north !== 0 && Math.abs((guide[at - width] ?? 0) - value) > step) north = 0;
      }
      let label = west;
      if (north !== 0) label = label === 0 || label === north ? north : unite(label, north);
      else if (y > 0 && connectivity === 8) {
        // With a pixel above, these two touch it and are one with it already.
        const northWest = x > 0 ? (labels[at - width - 1] ?? 0) : 0;
        const northEast = x + 1 < width ? (labels[at - width + 1] ?? 0) : 0;
        if (northWest !== 0 && label === 0) label = northWest;
        if (northEast !== 0) label = label === 0 || label === northEast ? northEast : unite(label, northEast);
      }
      if (label === 0) {
        label = parents.length;
        parents.push(label);
      }
      labels[at] = label;
    }
  }

  // A parent's number is lower than its child's, so one pass finds every root's component.
  const numbers = new Int32Array(parents.length);
  const roots = Int32Array.from(parents);
  for (let label = 1; label < roots.length; label += 1) roots[label] = roots[roots[label] ?? 0] ?? 0;
  const components: Component[] = [];
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    for (let x = 0; x < width;) {
      const provisional = labels[row + x] ?? 0;
      if (provisional === 0) {
        x += 1;
        continue;
      }
      // Neighbours mostly have one label: they are counted together.
      let end = x + 1;
      while (end < width && labels[row + end] === provisional) end += 1;
      const top = roots[provisional] ?? 0;
      let id = numbers[top] ?? 0;
      if (id === 0) {
        id = components.length + 1;
        components.push({ id, left: x, top: y, right: end, bottom: y + 1, area: 0 });
        numbers[top] = id;
      }
      labels.fill(id, row + x, row + end);
      const component = components[id - 1];
      if (component !== undefined) {
        component.area += end - x;
        if (x < component.left) component.left = x;
        if (end > component.right) component.right = end;
        component.bottom = y + 1;
      }
      x = end;
    }
  }
  return { labels, components };
}

/** The mask grown by `radius` pixels in every direction (a square). */
export function dilate(mask: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const across = new Uint8Array(mask.length);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    // `until`: how far the last pixel seen reaches, first from the left, then from the right.
    let until = -1;
    for (let x = 0; x < width; x += 1) {
      if (mask[row + x] !== 0) until = x + radius;
      if (x <= until) across[row + x] = 1;
    }
    until = width;
    for (let x = width - 1; x >= 0; x -= 1) {
      if (mask[row + x] !== 0) until = x - radius;
      if (x >= until) across[row + x] = 1;
    }
  }
  const grown = new Uint8Array(mask.length);
  const reach = new Int32Array(width).fill(-1);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    for (let x = 0; x < width; x += 1) {
      if (across[row + x] !== 0) reach[x] = y + radius;
      if (y <= (reach[x] ?? -1)) grown[row + x] = 1;
    }
  }
  reach.fill(height);
  for (let y = height - 1; y >= 0; y -= 1) {
    const row = y * width;
    for (let x = 0; x < width; x += 1) {
      if (across[row + x] !== 0) reach[x] = y - radius;
      if (y >= (reach[x] ?? height)) grown[row + x] = 1;
    }
  }
  return grown;
}

/**
 * For each component of size `fits` the share of its border (pixels with a 4-neighbour outside it) that lies on `near`,
 * 0–1, by component number minus one; 0 for the others. The picture's own edge is no border.
 */
export function borderShares(
  { labels, components }: Labelled,
  near: Uint8Array,
  width: number,
  height: number,
  fits: (component: Component) => boolean,
): Float32Array {
  const wanted = new Uint8Array(components.length + 1);
  for (const component of components) if (fits(component)) wanted[component.id] = 1;
  const border = new Uint32Array(components.length);
  const met = new Uint32Array(components.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      const id = labels[at] ?? 0;
      if (wanted[id] === 0) continue;
      const inside =
        (x === 0 || labels[at - 1] === id) &&
        (x + 1 === width || labels[at + 1] === id) &&
        (y === 0 || labels[at - width] === id) &&
        (y + 1 === height || labels[at + width] === id);
      if (inside) continue;
      border[id - 1] = (border[id - 1] ?? 0) + 1;
      if (near[at] !== 0) met[id - 1] = (met[id - 1] ?? 0) + 1;
    }
  }
  return Float32Array.from(border, (count, index) => (count === 0 ? 0 : (met[index] ?? 0) / count));
}
