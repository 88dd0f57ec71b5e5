import type { Reading } from '../recognize/readings.ts';
import type { TextLine, PageLine } from '../lines/line.ts';

/**
 * What lines of earlier frames said. A moving picture shows its caption frame after frame: a line whose letters stand
 * where they stood, each with the shape it had, is not read again.
 */
export interface LineCache {
  /** What the same line said; null when it said nothing, undefined when it was not seen. */
  get(entry: PageLine): Reading | null | undefined;
  set(entry: PageLine, reading: Reading | null): void;
}

/** Rows remembered: as many as two dense frames have. */
const MAX_CACHED_LINES = 400;

export function createLineCache(): LineCache {
  const seen: { line: TextLine; reading: Reading | null }[] = [];
  return {
    get: ({ line }) => seen.find((known) => isSameLine(known.line, line))?.reading,
    set: ({ line }, reading) => {
      if (seen.length < MAX_CACHED_LINES) seen.push({ line, reading });
    },
  };
}

/** Edges of letters that stand still move this many pixels through compression. */
const EDGE_TOLERANCE_PX = 2;
/** … and their areas change by this share. */
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
