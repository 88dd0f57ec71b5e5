/** Disjoint sets of numbers from 0. The lowest number of a set is its root. */
export interface DisjointSets {
  /** Adds the next number, alone in its set. */
  add(): void;
  unite(a: number, b: number): void;
  /** Returns the root of each of the first `count` numbers. */
  roots(count: number): Int32Array;
}

/** Creates an empty collection of sets. `capacity` is the initial size; it grows as needed. */
export function unionFind(capacity: number): DisjointSets {
  let parents = new Int32Array(capacity);
  let size = 0;

  function root(start: number): number {
    let at = start;
    for (;;) {
      const parent = parents[at] ?? 0;
      if (parent === at) return at;
      const grandparent = parents[parent] ?? 0;
      parents[at] = grandparent;
      at = grandparent;
    }
  }

  return {
    add() {
      if (size === parents.length) {
        const larger = new Int32Array(size * 2);
        larger.set(parents);
        parents = larger;
      }
      parents[size] = size;
      size += 1;
    },
    unite(a, b) {
      const [x, y] = [root(a), root(b)];
      if (x < y) parents[y] = x;
      else parents[x] = y;
    },
    roots(count) {
      // A parent is lower than its child, so one pass finds every root.
      for (let at = 0; at < count; at += 1) parents[at] = parents[parents[at] ?? 0] ?? 0;
      return parents.slice(0, count);
    },
  };
}
