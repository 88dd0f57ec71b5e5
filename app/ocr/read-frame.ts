import type { Budget } from './budget.ts';
import { chooseRows, isPlausible } from './candidates.ts';
import { decodePart, toGrey, type Measured, type Source } from './decode.ts';
import { findFlatLetters } from './flat.ts';
import { inReadingOrder } from './layout.ts';
import type { Letters } from './letters.ts';
import { mergeReadings } from './merge.ts';
import { findOutlinedLetters } from './outline.ts';
import { composePages, type PageRow } from './page.ts';
import { overlap, type Box } from './raster.ts';
import { readingsOfPage, readingsOfPicture, trust, type Reading } from './readings.ts';
import type { Recognizer } from './recognizer.ts';
import { estimateLetters, groupRows } from './rows.ts';
import { planStrips } from './strips.ts';

/** Lower letters, in pixels and in shares of the picture, cannot be read. */
const MIN_HEIGHT = 6;
const MIN_HEIGHT_SHARE = 0.008;
/** Nothing is written on pictures narrower than this. */
const MIN_SIDE = 8;
/** Rows read of one view of a picture: a page of a thousand words has about a hundred. */
const MAX_ROWS = 160;
/** A reading this sure, of as many letters as were to be expected, needs no second opinion. */
const SURE = 88;
const WHOLE = 0.7;
const SAME = 0.4;
/** The plain look takes the picture at its own scale up to this many pixels: big letters must not be enlarged. */
const PLAIN_PIXELS = 1_600_000;
/** Rows this long, in letters, that nobody could read ask for a plain look. */
const UNREAD = 5;

/** Reads one frame: the lines found, in reading order, in pixels of the frame. */
export async function readFrame(
  source: Source,
  { width, height }: Measured,
  recognizer: Recognizer,
  budget: Budget,
): Promise<Reading[]> {
  if (Math.min(width, height) < MIN_SIDE) return [];
  const { scale, strips } = planStrips(width, height);
  const readings: Reading[] = [];
  for (const strip of strips) {
    if (budget.spent()) break;
    readings.push(...(await readStrip(source, strip, scale, recognizer, budget)));
  }
  return inReadingOrder(mergeReadings(trust(readings)));
}

async function readStrip(
  source: Source,
  strip: Box,
  scale: number,
  recognizer: Recognizer,
  budget: Budget,
): Promise<Reading[]> {
  const rows = await findRows(source, strip, scale);
  const place = ({ row }: PageRow): Box => ({
    left: strip.left + row.left / scale,
    top: strip.top + row.top / scale,
    right: strip.left + row.right / scale,
    bottom: strip.top + row.bottom / scale,
  });
  const read = (chosen: readonly PageRow[]) => readRows(chosen, strip, scale, recognizer, budget);

  const { first, rest } = chooseRows(rows);
  const readings = await read(first);
  const known = trust(readings);
  const isRead = (entry: PageRow, sure: number) =>
    known.some(
      (reading) =>
        reading.confidence >= sure &&
        reading.letters >= WHOLE * estimateLetters(entry.row) &&
        overlap(reading, place(entry)) >= SAME,
    );
  readings.push(...(await read(chooseRows(rest.filter((entry) => !isRead(entry, SURE))).first)));

  const unread = first.some((entry) => estimateLetters(entry.row) >= UNREAD && !isRead(entry, 0));
  if ((unread || known.length === 0) && !budget.spent()) {
    readings.push(...(await readPlain(source, strip, recognizer)));
  }
  return readings;
}

/** Looks for letters in every way there is. What is only needed for looking is released on return. */
async function findRows(source: Source, strip: Box, scale: number): Promise<PageRow[]> {
  const picture = await decodePart(source, strip, scale);
  const minHeight = Math.max(MIN_HEIGHT, MIN_HEIGHT_SHARE * picture.height);
  const found: Letters[] = [findFlatLetters(picture), ...findOutlinedLetters(picture)];
  return found.flatMap((letters) =>
    groupRows(letters.letters, minHeight)
      .filter(isPlausible)
      .map((row) => ({ row, source: letters })),
  );
}

async function readRows(
  rows: readonly PageRow[],
  strip: Box,
  scale: number,
  recognizer: Recognizer,
  budget: Budget,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const composed of composePages(rows.slice(0, MAX_ROWS))) {
    if (budget.spent()) break;
    const lines = await recognizer.recognize(composed.page, 'block');
    readings.push(...readingsOfPage(composed, lines, { scale, left: strip.left, top: strip.top }));
  }
  return readings;
}

/** The picture as it is: for what stands on neither an even ground nor has an outline. */
async function readPlain(source: Source, strip: Box, recognizer: Recognizer): Promise<Reading[]> {
  const pixels = (strip.right - strip.left) * (strip.bottom - strip.top);
  const scale = Math.min(1, Math.sqrt(PLAIN_PIXELS / pixels));
  const lines = await recognizer.recognize(toGrey(await decodePart(source, strip, scale)), 'page');
  return readingsOfPicture(lines, { scale, left: strip.left, top: strip.top });
}
