import type { Reading } from '../recognize/readings.ts';
import type { TextLine, PageLine } from '../lines/line.ts';

/**
 * Caches the readings of lines from earlier frames.
 *
 * A caption stays the same over many frames. A line with the same letters at the same places is not
 * read again.
 */
export interface LineCache {
  /**
   * Returns the cached reading: null when the line had no text, undefined when the line is unknown.
   */
  get(entry: PageLine): Reading | null | undefined;
  set(entry: PageLine, reading: Reading | null): void;
}

/** Number of cached lines: two dense frames have about as many. */
const MAX_CACHED_LINES = 400;

/** Creates an empty line cache. */
export function createLineCache(): LineCache {
  const seen: { line: TextLine; reading: Reading | null }[] = [];
  return {
    get: ({ line }) => seen.find((known) => isSameLine(known.line, line))?.reading,
    set: ({ line }, reading) => {
      if (seen.length < MAX_CACHED_LINES) seen.push({ line, reading });
    },
  };
}

/**
 * Tolerance for letter edges, pixels. Compression moves the edges of still letters by this much.
 */
const EDGE_TOLERANCE_PX = 2;
/** Tolerance for letter areas, share of the area. Compression changes areas by this much. */
const AREA_TOLERANCE_SHARE = 0.12;

function isSameLine(a: TextLine, b: TextLine): boolean {
  return (
    Math.abs(a.top - b.top) <= 2 * EDGE_TOLERANCE_PX &&
    a.letters.length === b.letters.length &&
    a.marks.length === b.marks.length &&
    a.letters.every((letter, index) => {
      const other = b.letters[index];
      return (
        other !== undefined &&
        Math.abs(letter.left - other.left) <= EDGE_TOLERANCE_PX &&
        Math.abs(letter.right - other.right) <= EDGE_TOLERANCE_PX &&
        Math.abs(letter.top - other.top) <= EDGE_TOLERANCE_PX &&
        Math.abs(letter.bottom - other.bottom) <= EDGE_TOLERANCE_PX &&
        Math.abs(letter.area - other.area) <= AREA_TOLERANCE_SHARE * letter.area + EDGE_TOLERANCE_PX
      );
    })
  );
}
