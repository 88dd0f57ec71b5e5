import { AIR, drawRow, type PageRow } from './render-line.ts';
import { percentile } from '../image/percentile.ts';
import { boxWidth, type Box, type Grey } from '../image/raster.ts';
import type { Row } from '../lines/line.ts';
import { narrowSpaces, spread, type Space } from './widen-spaces.ts';

/** Where a row came to stand on the page, and how to get back. */
export interface Placement extends Box {
  entry: PageRow;
  /** Page pixels per picture pixel, across. */
  scale: number;
  /** Room that was added between its words, pixels of the picture. */
  spaces: readonly Space[];
}

export interface ComposedPage {
  page: Grey;
  placements: Placement[];
}

/** Height of the letters on the page, pixels: the LSTM scales lines to about this itself. */
const LETTER = 36;
const MARGIN = 24;
/** White between rows: enough that no layout analysis takes two for one. */
export const LEADING = 22;
/** Widest page; longer rows are drawn smaller. */
const MAX_WIDTH = 3200;
/** A page grows until it has this many pixels: the recognizer's memory, which never shrinks, is a multiple of it. */
const MAX_PIXELS = 1_500_000;

/**
 * Draws rows, straightened and at one height, below each other: black on white, on as many pages as they need.
 *
 * @param dense - whether they are of a full page, whose clean print bears to be drawn narrower still
 */
export function* composePages(entries: readonly PageRow[], dense: boolean): Generator<ComposedPage> {
  let rows: DrawnRow[] = [];
  let width = 0;
  let height = 0;
  for (const entry of entries) {
    const squeeze = squeezeOf(entry.row, dense ? DENSE : LOOSE);
    const spaces = narrowSpaces(entry.row, SPACE / squeeze);
    const scale = Math.min(
      LETTER / entry.row.height,
      (MAX_WIDTH - 2 * MARGIN) / (spread(entry.row.right, spaces) - entry.row.left + 2 * AIR),
    );
    const strip = drawRow(entry, { scale, squeeze, spaces });
    const wider = Math.max(width, strip.width);
    if (rows.length > 0 && wider * (height + strip.height) > MAX_PIXELS) {
      yield compose(rows);
      [rows, width, height] = [[], 0, 0];
    }
    rows.push({ entry, scale: scale * squeeze, spaces, strip });
    width = Math.max(width, strip.width);
    height += strip.height + LEADING;
  }
  if (rows.length > 0) yield compose(rows);
}

/**
 * How wide a letter is to be on the page, in letter heights, and the narrowest a row is drawn, by its width: the LSTM's
 * time goes by the length of rows. Print of full pages is clean.
 */
const LOOSE = { letter: 0.52, least: 0.7 };
const DENSE = { letter: 0.45, least: 0.6 };
/** Patches wider than this are several letters that touch, in letter heights. */
const TOUCHING = 0.85;

/** How wide to draw a row for its height: as it is where its letters are narrow, narrower where they are wide. */
function squeezeOf({ letters, height }: Row, { letter, least }: typeof LOOSE): number {
  const wide = percentile(
    letters.map((patch) => boxWidth(patch) / height).filter((width) => width < TOUCHING),
    0.6,
  );
  return Math.min(1, Math.max(least, letter / (wide || TOUCHING)));
}

/** Wide enough on the page for the recognizer, which takes a narrow space for the gap between two letters, in letter heights. */
const SPACE = 0.5;

interface DrawnRow {
  entry: PageRow;
  scale: number;
  spaces: readonly Space[];
  strip: Grey;
}

function compose(rows: readonly DrawnRow[]): ComposedPage {
  const placements: Placement[] = [];
  const width = Math.max(...rows.map(({ strip }) => strip.width)) + 2 * MARGIN;
  const height = rows.reduce((sum, { strip }) => sum + strip.height + LEADING, 2 * MARGIN - LEADING);
  const data = new Uint8Array(width * height).fill(255);
  let top = MARGIN;
  for (const { entry, scale, spaces, strip } of rows) {
    placements.push({
      entry,
      scale,
      spaces,
      left: MARGIN,
      top,
      right: MARGIN + strip.width,
      bottom: top + strip.height,
    });
    for (let line = 0; line < strip.height; line += 1) {
      data.set(
        strip.data.subarray(line * strip.width, (line + 1) * strip.width),
        (top + line) * width + MARGIN,
      );
    }
    top += strip.height + LEADING;
  }
  return { page: { width, height, data }, placements };
}
