import { LINE_PADDING_PX, renderLine } from './render-line.ts';
import { percentile } from '../image/percentile.ts';
import { boxWidth, type PixelBox, type Grey } from '../image/raster.ts';
import type { TextLine, PageLine } from '../lines/line.ts';
import { narrowSpaces, toWidenedX, type Space } from './widen-spaces.ts';

/** The place of a line on the composed page, and the mapping back to the picture. */
export interface Placement extends PixelBox {
  entry: PageLine;
  /** Page pixels per picture pixel, horizontally. */
  scale: number;
  /** Space added between words, pixels of the picture. */
  spaces: readonly Space[];
}

/** A page for the recognizer, with the places of its lines. */
export interface ComposedPage {
  page: Grey;
  placements: Placement[];
}

/** Letter height on the page, pixels. The LSTM scales lines to about this height. */
const LETTER_HEIGHT_PX = 36;
const MARGIN_PX = 24;
/** White space between lines, pixels. Layout analysis then never joins two lines. */
export const LINE_SPACING_PX = 22;
/** Largest page width, pixels. A longer line is drawn smaller. */
const MAX_PAGE_WIDTH_PX = 3200;
/** Largest page, pixels. The recognizer's memory is a multiple of it and never shrinks. */
const MAX_PAGE_PIXELS = 1_500_000;

/**
 * Draws lines below each other, straight and at one height, black on white, on one or more pages.
 *
 * @param dense - whether the lines are of a full page; its clean print can be drawn narrower
 */
export function* composePages(entries: readonly PageLine[], dense: boolean): Generator<ComposedPage> {
  let lines: DrawnLine[] = [];
  let width = 0;
  let height = 0;
  for (const entry of entries) {
    const squeeze = squeezeOf(entry.line, dense ? DENSE_PRINT : LOOSE_PRINT);
    const spaces = narrowSpaces(entry.line, MIN_PAGE_SPACE_RATIO / squeeze);
    const scale = Math.min(
      LETTER_HEIGHT_PX / entry.line.height,
      (MAX_PAGE_WIDTH_PX - 2 * MARGIN_PX) /
        (toWidenedX(entry.line.right, spaces) - entry.line.left + 2 * LINE_PADDING_PX),
    );
    const strip = renderLine(entry, { scale, squeeze, spaces });
    const wider = Math.max(width, strip.width);
    if (lines.length > 0 && wider * (height + strip.height) > MAX_PAGE_PIXELS) {
      yield compose(lines);
      [lines, width, height] = [[], 0, 0];
    }
    lines.push({ entry, scale: scale * squeeze, spaces, strip });
    width = Math.max(width, strip.width);
    height += strip.height + LINE_SPACING_PX;
  }
  if (lines.length > 0) yield compose(lines);
}

/**
 * Target letter width on the page, in letter heights, and the smallest horizontal scale.
 *
 * The time of the LSTM grows with the line length. The print of full pages is clean, so it can be
 * narrower.
 */
const LOOSE_PRINT = { letter: 0.52, minSqueeze: 0.7 };
const DENSE_PRINT = { letter: 0.45, minSqueeze: 0.6 };
/**
 * Largest width of a single letter, in letter heights. A wider patch has several letters that
 * touch.
 */
const MAX_SINGLE_LETTER_RATIO = 0.85;

/**
 * Computes the horizontal scale of a line. Narrow letters keep their width; wide letters become
 * narrower.
 */
function squeezeOf({ letters, height }: TextLine, { letter, minSqueeze }: typeof LOOSE_PRINT): number {
  const wide = percentile(
    letters.map((patch) => boxWidth(patch) / height).filter((width) => width < MAX_SINGLE_LETTER_RATIO),
    0.6,
  );
  return Math.min(1, Math.max(minSqueeze, letter / (wide || MAX_SINGLE_LETTER_RATIO)));
}

/**
 * Smallest word space on the page, in letter heights. The recognizer takes a narrower one for a
 * letter gap.
 */
const MIN_PAGE_SPACE_RATIO = 0.5;

interface DrawnLine {
  entry: PageLine;
  scale: number;
  spaces: readonly Space[];
  strip: Grey;
}

function compose(lines: readonly DrawnLine[]): ComposedPage {
  const placements: Placement[] = [];
  const width = Math.max(...lines.map(({ strip }) => strip.width)) + 2 * MARGIN_PX;
  const height = lines.reduce(
    (sum, { strip }) => sum + strip.height + LINE_SPACING_PX,
    2 * MARGIN_PX - LINE_SPACING_PX,
  );
  const data = new Uint8Array(width * height).fill(255);
  let top = MARGIN_PX;
  for (const { entry, scale, spaces, strip } of lines) {
    placements.push({
      entry,
      scale,
      spaces,
      left: MARGIN_PX,
      top,
      right: MARGIN_PX + strip.width,
      bottom: top + strip.height,
    });
    for (let y = 0; y < strip.height; y += 1) {
      data.set(strip.data.subarray(y * strip.width, (y + 1) * strip.width), (top + y) * width + MARGIN_PX);
    }
    top += strip.height + LINE_SPACING_PX;
  }
  return { page: { width, height, data }, placements };
}
