import type { PageRow } from '../recognize/render-line.ts';
import type { Reading } from '../recognize/readings.ts';
import type { Row } from '../lines/line.ts';

/**
 * What rows of earlier frames said. A moving picture shows its caption frame after frame: a row whose letters stand
 * where they stood, each with the shape it had, is not read again.
 */
export interface RowMemory {
  /** What the same row said; null when it said nothing, undefined when it was not seen. */
  recall(entry: PageRow): Reading | null | undefined;
  keep(entry: PageRow, reading: Reading | null): void;
}

/** Rows remembered: as many as two dense frames have. */
const MAX_ROWS = 400;

export function createRowMemory(): RowMemory {
  const seen: { row: Row; reading: Reading | null }[] = [];
  return {
    recall: ({ row }) => seen.find((known) => isSameWriting(known.row, row))?.reading,
    keep: ({ row }, reading) => {
      if (seen.length < MAX_ROWS) seen.push({ row, reading });
    },
  };
}

/** Edges of letters that stand still move this many pixels through compression. */
const EDGE = 2;
/** … and their areas change by this share. */
const AREA = 0.12;

function isSameWriting(a: Row, b: Row): boolean {
  return (
    Math.abs(a.top - b.top) <= 2 * EDGE &&
    a.letters.length === b.letters.length &&
    a.marks.length === b.marks.length &&
    a.letters.every((letter, index) => {
      const other = b.letters[index];
      return (
        other !== undefined &&
        Math.abs(letter.left - other.left) <= EDGE &&
        Math.abs(letter.right - other.right) <= EDGE &&
        Math.abs(letter.top - other.top) <= EDGE &&
        Math.abs(letter.bottom - other.bottom) <= EDGE &&
        Math.abs(letter.area - other.area) <= AREA * letter.area + EDGE
      );
    })
  );
}
