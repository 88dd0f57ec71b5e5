import type { Letter, Letters } from './letters.ts';
import { boxWidth, type Box, type Grey } from './raster.ts';
import type { Row } from './rows.ts';

/** A row to be drawn, with the letters' source. */
export interface PageRow {
  row: Row;
  source: Letters;
}

/** Where a row came to stand on the page, and how to get back. */
export interface Placement extends Box {
  entry: PageRow;
  /** Page pixels per picture pixel, across. */
  scale: number;
}

export interface ComposedPage {
  page: Grey;
  placements: Placement[];
}

/** Rows of a dense page are drawn narrower by this: the LSTM's time goes by their length, and small print bears it. */
const SQUEEZE = 0.8;
const DENSE = 12;
/** Height of the letters on the page, pixels: the LSTM scales lines to about this itself. */
const LETTER = 36;
const MARGIN = 24;
/** White between rows: enough that no layout analysis takes two for one. */
export const LEADING = 22;
/** Widest page; longer rows are drawn smaller. */
const MAX_WIDTH = 3200;
/** A page grows until it has this many pixels: the recognizer's memory, which never shrinks, is a multiple of it. */
const MAX_PIXELS = 1_500_000;

/** Draws rows, straightened and at one height, below each other: black on white, on as many pages as they need. */
export function* composePages(entries: readonly PageRow[]): Generator<ComposedPage> {
  const squeeze = entries.length > DENSE ? SQUEEZE : 1;
  let rows: DrawnRow[] = [];
  let width = 0;
  let height = 0;
  for (const entry of entries) {
    const scale = Math.min(
      LETTER / entry.row.height,
      (MAX_WIDTH - 2 * MARGIN) / (boxWidth(entry.row) + 2 * AIR),
    );
    const strip = drawRow(entry, scale, squeeze);
    const wider = Math.max(width, strip.width);
    if (rows.length > 0 && wider * (height + strip.height) > MAX_PIXELS) {
      yield compose(rows);
      [rows, width, height] = [[], 0, 0];
    }
    rows.push({ entry, scale: scale * squeeze, strip });
    width = Math.max(width, strip.width);
    height += strip.height + LEADING;
  }
  if (rows.length > 0) yield compose(rows);
}

interface DrawnRow {
  entry: PageRow;
  scale: number;
  strip: Grey;
}

function compose(rows: readonly DrawnRow[]): ComposedPage {
  const placements: Placement[] = [];
  const width = Math.max(...rows.map(({ strip }) => strip.width)) + 2 * MARGIN;
  const height = rows.reduce((sum, { strip }) => sum + strip.height + LEADING, 2 * MARGIN - LEADING);
  const data = new Uint8Array(width * height).fill(255);
  let top = MARGIN;
  for (const { entry, scale, strip } of rows) {
    placements.push({
      entry,
      scale,
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

/** One pixel of air around a row, so that the scaling has white to mix with. */
const AIR = 1;

function drawRow({ row, source }: PageRow, scale: number, squeeze: number): Grey {
  const width = row.right - row.left + 2 * AIR;
  const parts = [...row.letters, ...row.marks];
  const centre = (row.left + row.right) / 2;
  const shift = (x: number) => row.slope * (x - centre);
  const top =
    Math.floor(Math.min(...parts.map((part) => part.top - Math.max(shift(part.left), shift(part.right))))) -
    AIR;
  const bottom =
    Math.ceil(Math.max(...parts.map((part) => part.bottom - Math.min(shift(part.left), shift(part.right))))) +
    AIR;
  const height = bottom - top;
  const ink = new Uint8Array(width * height);
  for (const part of parts) stamp(part, source, ink, { width, height, left: row.left - AIR, top, shift });
  return resize({ width, height, data: ink }, scale * squeeze, scale);
}

/** Copies a letter's ink, its soft edge included, at full contrast, each column moved by the row's slope. */
function stamp(
  letter: Letter,
  { width: sourceWidth, height: sourceHeight, labels, ink }: Letters,
  target: Uint8Array,
  frame: { width: number; height: number; left: number; top: number; shift: (x: number) => number },
): void {
  const gain = 255 / letter.full;
  const fromX = Math.max(0, letter.left - 1);
  const toX = Math.min(sourceWidth, letter.right + 1);
  const fromY = Math.max(0, letter.top - 1);
  const toY = Math.min(sourceHeight, letter.bottom + 1);
  for (let x = fromX; x < toX; x += 1) {
    const column = x - frame.left;
    if (column < 0 || column >= frame.width) continue;
    const offset = frame.shift(x) + frame.top;
    const whole = Math.floor(offset);
    const part = offset - whole;
    for (let y = fromY; y < toY; y += 1) {
      const at = y * sourceWidth + x;
      const label = labels[at] ?? 0;
      const mine =
        label === letter.id ||
        (label === 0 &&
          ((x > 0 && labels[at - 1] === letter.id) ||
            (x + 1 < sourceWidth && labels[at + 1] === letter.id) ||
            (y > 0 && labels[at - sourceWidth] === letter.id) ||
            (y + 1 < sourceHeight && labels[at + sourceWidth] === letter.id)));
      if (!mine) continue;
      const value = Math.min(255, (ink[at] ?? 0) * gain);
      // A shift by part of a pixel is shared between the two rows it falls on.
      const line = y - whole;
      put(target, frame, column, line, value * (1 - part));
      if (part > 0) put(target, frame, column, line - 1, value * part);
    }
  }
}

function put(
  target: Uint8Array,
  { width, height }: { width: number; height: number },
  x: number,
  y: number,
  value: number,
) {
  if (y < 0 || y >= height) return;
  const at = y * width + x;
  target[at] = Math.min(255, (target[at] ?? 0) + value);
}

/** Scales ink with a triangle filter as wide as the step, and turns it into black on white. */
export function resize({ width, height, data }: Grey, scale: number, scaleY: number): Grey {
  const outWidth = Math.max(1, Math.round(width * scale));
  const outHeight = Math.max(1, Math.round(height * scaleY));
  const columns = taps(width, outWidth);
  const rows = taps(height, outHeight);
  const across = new Float32Array(outWidth * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < outWidth; x += 1) {
      const { from, weights } = columns[x] ?? NO_TAP;
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1)
        sum += (weights[k] ?? 0) * (data[y * width + from + k] ?? 0);
      across[y * outWidth + x] = sum;
    }
  }
  const out = new Uint8Array(outWidth * outHeight);
  for (let y = 0; y < outHeight; y += 1) {
    const { from, weights } = rows[y] ?? NO_TAP;
    for (let x = 0; x < outWidth; x += 1) {
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1)
        sum += (weights[k] ?? 0) * (across[(from + k) * outWidth + x] ?? 0);
      out[y * outWidth + x] = 255 - Math.round(sum);
    }
  }
  return { width: outWidth, height: outHeight, data: out };
}

interface Tap {
  from: number;
  weights: Float32Array;
}

const NO_TAP: Tap = { from: 0, weights: new Float32Array(0) };

function taps(size: number, outSize: number): Tap[] {
  const step = size / outSize;
  const radius = Math.max(1, step);
  return Array.from({ length: outSize }, (_, index) => {
    const centre = (index + 0.5) * step - 0.5;
    const from = Math.max(0, Math.ceil(centre - radius));
    const to = Math.min(size - 1, Math.floor(centre + radius));
    const weights = new Float32Array(Math.max(1, to - from + 1));
    let total = 0;
    for (let k = 0; k < weights.length; k += 1) {
      weights[k] = Math.max(0, 1 - Math.abs(from + k - centre) / radius);
      total += weights[k] ?? 0;
    }
    if (total > 0) for (let k = 0; k < weights.length; k += 1) weights[k] = (weights[k] ?? 0) / total;
    else weights[0] = 1;
    return { from, weights };
  });
}
