import type { Component, Labelled } from '../image/connected-components.ts';
import { MIN_LETTER_CONTRAST } from './background-contrast.ts';

/** Percentile of the ink that gives a letter's body strength. Soft edges lie below it. */
const BODY_PERCENTILE = 0.8;
/** Smallest share of an outline, and of a body, in an outlined letter. */
const MIN_PART_SHARE = 0.15;

/** Measures the strength and the darkness of the patches `found` against their backgrounds. */
export function measureTones(
  { components, runs }: Labelled,
  ink: Uint8Array,
  darker: Uint8Array,
  found: readonly Component[],
) {
  const index = new Int32Array(components.length + 1).fill(-1);
  found.forEach(({ id }, at) => {
    index[id] = at;
  });
  const histogram = new Uint32Array(found.length * 32);
  const dark = new Uint32Array(found.length);
  for (let run = 0; run < runs.count; run += 1) {
    const slot = index[runs.ids[run] ?? 0] ?? -1;
    if (slot < 0) continue;
    const end = runs.to[run] ?? 0;
    for (let at = runs.from[run] ?? 0; at < end; at += 1) {
      const bin = slot * 32 + ((ink[at] ?? 0) >> 3);
      histogram[bin] = (histogram[bin] ?? 0) + 1;
      dark[slot] = (dark[slot] ?? 0) + (darker[at] ?? 0);
    }
  }
  return {
    /** Returns the strength of a letter's body, 0–255. */
    bodyInk(id: number): number {
      const slot = index[id] ?? -1;
      const area = found[slot]?.area ?? 0;
      let sum = 0;
      for (let bin = 0; bin < 32; bin += 1) {
        sum += histogram[slot * 32 + bin] ?? 0;
        if (sum >= BODY_PERCENTILE * area) return Math.max(MIN_LETTER_CONTRAST, bin * 8 + 4);
      }
      return 255;
    },
    /**
     * Tells whether a letter is partly darker and partly brighter than its background: outline and
     * body.
     */
    outlined(id: number): boolean {
      const slot = index[id] ?? -1;
      const share = (dark[slot] ?? 0) / (found[slot]?.area ?? 1);
      return share >= MIN_PART_SHARE && share <= 1 - MIN_PART_SHARE;
    },
  };
}
