import type { Budget } from './cpu-budget.ts';
import { chooseRows } from './lines/rank-candidates.ts';
import { decodePart, toGrey, type Measured, type Source } from './image/decode.ts';
import type { PageRow } from './recognize/render-line.ts';
import { findRows } from './lines/find-lines.ts';
import { isDoubtful, languageOf, preferred } from './recognize/language.ts';
import { inReadingOrder } from './recognize/reading-order.ts';
import type { RowMemory } from './frames/line-cache.ts';
import { mergeReadings } from './recognize/merge-readings.ts';
import type { Language } from './recognize/models.ts';
import { composePages } from './recognize/compose-page.ts';
import { overlap, unite, type Box } from './image/raster.ts';
import { readingsOfPage, readingsOfPicture, trust, type Reading } from './recognize/readings.ts';
import type { Recognizer } from './recognize/tesseract.ts';
import { estimateLetters } from './lines/line.ts';
import { planStrips } from './tiles.ts';

/** Nothing is written on pictures narrower than this. */
const MIN_SIDE = 8;
/** Rows read of one view of a picture: a page of a thousand words has about a hundred. */
const MAX_ROWS = 160;
/** A reading this sure, of as many letters as were to be expected, needs no second opinion. */
const SURE = 88;
const WHOLE = 0.7;
const SAME = 0.4;
/** The plain look takes the picture at its own scale up to this many pixels: big letters must not be enlarged. */
const PLAIN_PIXELS = 1_200_000;
/** Rows this long, in letters, that nobody could read ask for a plain look at where they are. */
const UNREAD = 5;

/** What reading a frame takes. */
export interface Eye {
  recognizer: Recognizer;
  budget: Budget;
  memory: RowMemory;
}

/** A part of a picture under the eye: where it begins, in pixels of the picture, and how much it is scaled. */
interface Part {
  source: Source;
  strip: Box;
  scale: number;
}

/**
 * Reads one frame: the lines found, in reading order, in pixels of the frame.
 *
 * @param pixels - how many to look at in one piece
 * @param twice - whether to give tesseract the frame as it is when no letters were found
 */
export async function readFrame(
  source: Source,
  { width, height }: Measured,
  eye: Eye,
  pixels: number,
  twice: boolean,
): Promise<Reading[]> {
  if (Math.min(width, height) < MIN_SIDE) return [];
  const { scale, strips } = planStrips(width, height, pixels);
  const readings: Reading[] = [];
  for (const strip of strips) {
    if (eye.budget.spent()) break;
    readings.push(...(await readPart({ source, strip, scale }, eye, twice)));
  }
  return inReadingOrder(mergeReadings(trust(readings)));
}

async function readPart(part: Part, eye: Eye, twice: boolean): Promise<Reading[]> {
  const { first, rest } = chooseRows(await findRows(part.source, part.strip, part.scale));
  const readings = await readRows(first, part, eye);
  const known = trust(readings);
  const isRead = (entry: PageRow, sure: number) =>
    known.some(
      (reading) =>
        reading.confidence >= sure &&
        reading.letters >= WHOLE * estimateLetters(entry.row) &&
        overlap(reading, placeOf(entry, part)) >= SAME,
    );
  const unsure = rest.filter((entry) => !isRead(entry, SURE));
  readings.push(...(await readRows(chooseRows(unsure).first, part, eye, readings)));

  if (eye.budget.spent()) return readings;
  const unread = first.filter((entry) => estimateLetters(entry.row) >= UNREAD && !isRead(entry, 0));
  if (known.length === 0) {
    if (twice) readings.push(...(await readPlain(part.source, part.strip, 'fin', eye)));
  } else if (unread.length > 0) {
    const box = around(
      unread.map((entry) => placeOf(entry, part)),
      part.strip,
    );
    readings.push(...(await readPlain(part.source, box, languageOf(known), eye)));
  }
  return readings;
}

const placeOf = ({ row }: PageRow, { strip, scale }: Part): Box => ({
  left: strip.left + row.left / scale,
  top: strip.top + row.top / scale,
  right: strip.left + row.right / scale,
  bottom: strip.top + row.bottom / scale,
});

/** Lines around a place belong to it: this many of its largest box's heights. */
const AROUND = 1.2;

/** A part of the picture that holds these boxes with some room, in whole pixels. */
function around(boxes: readonly Box[], limit: Box): Box {
  const room = AROUND * Math.max(...boxes.map(({ top, bottom }) => bottom - top));
  const all = boxes.reduce(unite);
  return {
    left: Math.max(limit.left, Math.floor(all.left - room)),
    top: Math.max(limit.top, Math.floor(all.top - room)),
    right: Math.min(limit.right, Math.ceil(all.right + room)),
    bottom: Math.min(limit.bottom, Math.ceil(all.bottom + room)),
  };
}

/** Of more rows than this the shortest are read first that hold so many letters each, and in all. */
const MANY = 12;
const SENTENCE = 14;
const PROBE = 90;

/** Rows to tell the language of all by, and the others. */
function probe(rows: readonly PageRow[]): [PageRow[], PageRow[]] {
  if (rows.length <= MANY) return [[...rows], []];
  const first = new Set<PageRow>();
  let letters = 0;
  for (const [entry, count] of rows
    .map((entry) => [entry, estimateLetters(entry.row)] as const)
    .filter(([, count]) => count >= SENTENCE)
    .sort(([, a], [, b]) => a - b)) {
    if (letters >= PROBE) break;
    first.add(entry);
    letters += count;
  }
  return [[...first], rows.filter((entry) => !first.has(entry))];
}

/**
 * Reads rows in Finnish, or in English once what was read `before` or in the first of them is English; and those that
 * are unsure in the other language as well.
 */
async function readRows(
  rows: readonly PageRow[],
  part: Part,
  eye: Eye,
  before: readonly Reading[] = [],
): Promise<Reading[]> {
  const readings: Reading[] = [];
  const fresh: PageRow[] = [];
  for (const entry of rows.slice(0, MAX_ROWS)) {
    const known = eye.memory.recall(entry);
    if (known === undefined) fresh.push(entry);
    else if (known !== null) readings.push(known);
  }
  const dense = fresh.length > MANY;
  const recognize = (entries: readonly PageRow[], language: Language) =>
    recognizeRows(entries, part, { language, dense }, eye);
  for (const batch of probe(fresh)) {
    const first = languageOf(trust([...before, ...readings]));
    const said = await recognize(batch, first);
    const found = [...said.values()].filter((reading) => reading !== null);
    const language = languageOf(trust([...before, ...readings, ...found]));
    const doubtful = batch.filter((entry) => {
      const reading = said.get(entry);
      return reading !== null && reading !== undefined && isDoubtful(reading, first, language);
    });
    const again = await recognize(doubtful, first === 'fin' ? 'eng' : 'fin');
    for (const [entry, one] of said) {
      const other = again.get(entry) ?? null;
      const best = first === 'fin' ? preferred(one, other, language) : preferred(other, one, language);
      eye.memory.keep(entry, best);
      if (best !== null) readings.push(best);
    }
  }
  return readings;
}

/** What each row says in one language, as far as the budget goes. */
async function recognizeRows(
  rows: readonly PageRow[],
  { strip, scale }: Part,
  { language, dense }: { language: Language; dense: boolean },
  { recognizer, budget }: Eye,
): Promise<Map<PageRow, Reading | null>> {
  const said = new Map<PageRow, Reading | null>();
  for (const composed of composePages(rows, dense)) {
    if (budget.spent()) break;
    const lines = await recognizer.recognize(composed.page, 'block', language);
    const readings = readingsOfPage(composed, lines, {
      scale,
      left: strip.left,
      top: strip.top,
    });
    composed.placements.forEach(({ entry }, index) => said.set(entry, readings[index] ?? null));
  }
  return said;
}

/** A part of the picture as it is: for what stands on neither an even ground nor has an outline. */
async function readPlain(
  source: Source,
  box: Box,
  language: Language,
  { recognizer }: Eye,
): Promise<Reading[]> {
  const pixels = (box.right - box.left) * (box.bottom - box.top);
  const scale = Math.min(1, Math.sqrt(PLAIN_PIXELS / pixels));
  const lines = await recognizer.recognize(toGrey(await decodePart(source, box, scale)), 'page', language);
  return readingsOfPicture(lines, { scale, left: box.left, top: box.top });
}
