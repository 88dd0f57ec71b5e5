import { describe, expect, it } from 'vitest';
import { createBitmask, dilate, hasBit, setBit } from '../../../app/ocr/image/bitmask.ts';
import { packColours } from '../../../app/ocr/image/packed-colours.ts';
import { borderShares, labelComponents } from '../../../app/ocr/image/connected-components.ts';
import { findPatches } from '../../../app/ocr/image/flood-fill.ts';
import { createRandom } from '../../bench/ocr/random.ts';

const WIDTH = 70;
const HEIGHT = 40;
const SIZE = WIDTH * HEIGHT;

/** Makes blotches: plain noise has no patch larger than a few pixels. */
function blotches(seed: number, levels: number): Uint8Array {
  const random = createRandom(seed);
  const coarse = Array.from({ length: SIZE }, () => Math.floor(random.next() * levels));
  return Uint8Array.from({ length: SIZE }, (_, at) =>
    random.next() < 0.1 ? Math.floor(random.next() * levels) : (coarse[Math.floor(at / 3)] ?? 0),
  );
}

/** Finds patches by a slow reference: labels each pixel with the first pixel of its patch. */
function bySearch(
  connected: (from: number, to: number, seed: number) => boolean,
  corners: boolean,
): number[] {
  const firsts = Array.from({ length: SIZE }, () => -1);
  for (let seed = 0; seed < SIZE; seed += 1) {
    if (firsts[seed] !== -1 || !connected(seed, seed, seed)) continue;
    const queue = [seed];
    firsts[seed] = seed;
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          if (x + dx < 0 || x + dx >= WIDTH || y + dy < 0 || y + dy >= HEIGHT) continue;
          if (!corners && Math.abs(dx) + Math.abs(dy) > 1) continue;
          const to = at + dy * WIDTH + dx;
          if (firsts[to] !== -1 || !connected(at, to, seed)) continue;
          firsts[to] = seed;
          queue.push(to);
        }
      }
    }
  }
  return firsts;
}

describe('connected patches of a mask', () => {
  it.each([4, 8] as const)('are those a search finds, joined over %i neighbours', (connectivity) => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const mask = blotches(seed, 2);
      const { labels, components } = labelComponents(mask, WIDTH, HEIGHT, connectivity, 1);
      const expected = bySearch((_, to) => mask[to] === 1, connectivity === 8);
      const firsts = [...labels].map((id) => (id === 0 ? -1 : labels.indexOf(id)));
      expect(firsts).toEqual(expected);
      for (const { id, area, left, right } of components) {
        const own = [...labels.keys()].filter((at) => labels[at] === id);
        expect(own).toHaveLength(area);
        expect(Math.min(...own.map((at) => at % WIDTH))).toBe(left);
        expect(Math.max(...own.map((at) => at % WIDTH)) + 1).toBe(right);
      }
    }
  });

  it('are left out when they are too small', () => {
    const mask = blotches(3, 2);
    const all = labelComponents(mask, WIDTH, HEIGHT, 8, 1).components;
    const { labels, components } = labelComponents(mask, WIDTH, HEIGHT, 8, 6);
    expect(components.map(({ area }) => area)).toEqual(
      all.map(({ area }) => area).filter((area) => area >= 6),
    );
    expect(labels.filter((id) => id !== 0)).toHaveLength(components.reduce((sum, { area }) => sum + area, 0));
  });

  it('end where the guide makes a step', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const mask = blotches(seed, 2);
      const values = blotches(seed + 100, 6);
      const { labels } = labelComponents(mask, WIDTH, HEIGHT, 4, 1, { values, step: 2 });
      const alike = (from: number, to: number) => Math.abs((values[from] ?? 0) - (values[to] ?? 0)) <= 2;
      const expected = bySearch((from, to) => mask[to] === 1 && alike(from, to), false);
      expect([...labels].map((id) => (id === 0 ? -1 : labels.indexOf(id)))).toEqual(expected);
    }
  });

  it('are bordered where a pixel has a neighbour outside them', () => {
    const mask = new Uint8Array(SIZE);
    for (let y = 10; y < 20; y += 1) mask.fill(1, y * WIDTH + 30, y * WIDTH + 40);
    const near = createBitmask(WIDTH, HEIGHT);
    for (let x = 30; x < 40; x += 1) setBit(near, x, 10);
    const labelled = labelComponents(mask, WIDTH, HEIGHT, 4, 1);
    expect([...borderShares(labelled, near, () => true)]).toEqual([expect.closeTo(10 / 36)]);
    expect([...borderShares(labelled, near, () => false)]).toEqual([0]);
  });
});

describe('patches of even colour', () => {
  it('are those a search finds', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const [red, green, blue] = [blotches(seed, 12), blotches(seed + 1, 4), blotches(seed + 2, 4)];
      const data = Uint8Array.from({ length: SIZE * 3 }, (_, byte) => {
        const channel = [red, green, blue][byte % 3];
        return 250 - (channel?.[Math.floor(byte / 3)] ?? 0);
      });
      const far = (from: number, to: number) =>
        Math.max(...[red, green, blue].map((channel) => Math.abs((channel[from] ?? 0) - (channel[to] ?? 0))));
      const expected = bySearch((from, to, first) => far(from, to) <= 3 && far(first, to) <= 5, false);
      const firsts = Array.from({ length: SIZE }, () => -1);
      findPatches(
        packColours({ width: WIDTH, height: HEIGHT, data }),
        { step: 3, spread: 5, minArea: 1 },
        ({ area, starts, ends }) => {
          const first = Math.min(...starts);
          let pixels = 0;
          starts.forEach((start, span) => {
            firsts.fill(first, start, ends[span]);
            pixels += (ends[span] ?? 0) - start;
          });
          expect(pixels).toBe(area);
        },
      );
      expect(firsts).toEqual(expected);
    }
  });
});

describe('a mask of bits', () => {
  it('grows by a square, over the borders of words, and not from one row into the next', () => {
    const mask = createBitmask(WIDTH, HEIGHT);
    const set = [
      [0, 0],
      [31, 12],
      [64, 20],
      [69, 30],
    ] as const;
    for (const [x, y] of set) setBit(mask, x, y);
    const grown = dilate(mask, 4);
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1) {
        const near = set.some(([left, top]) => Math.abs(left - x) <= 4 && Math.abs(top - y) <= 4);
        expect(hasBit(grown, x, y)).toBe(near);
      }
    }
  });
});
