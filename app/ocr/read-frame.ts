import type { Budget } from './cpu-budget.ts';
import { chooseLines } from './lines/rank-candidates.ts';
import { decodeRegion, toGrey, type Measured, type Source } from './image/decode.ts';
import { findLines } from './lines/find-lines.ts';
import { isDoubtful, languageOf, preferred } from './recognize/language.ts';
import { sortInReadingOrder } from './recognize/reading-order.ts';
import type { LineCache } from './frames/line-cache.ts';
import { mergeReadings } from './recognize/merge-readings.ts';
import type { OcrLanguage } from './recognize/models.ts';
import { composePages } from './recognize/compose-page.ts';
import { overlapShare, unionBox, type PixelBox } from './image/raster.ts';
import { readingsOfPage, readingsOfPicture, keepTrusted, type Reading } from './recognize/readings.ts';
import type { Recognizer } from './recognize/tesseract.ts';
import { estimateLetters, type PageLine } from './lines/line.ts';
import { planStrips } from './tiles.ts';

/** Nothing is written on pictures narrower than this. */
const MIN_SIDE_PX = 8;
/** Rows read of one view of a picture: a page of a thousand words has about a hundred. */
const MAX_LINES_PER_VIEW = 160;
/** A reading this sure, of as many letters as were to be expected, needs no second opinion. */
const SURE_CONFIDENCE = 88;
const MIN_READ_LETTER_SHARE = 0.7;
const MIN_SAME_PLACE_OVERLAP = 0.4;
/** The plain look takes the picture at its own scale up to this many pixels: big letters must not be enlarged. */
const MAX_PLAIN_PIXELS = 1_200_000;
/** Rows this long, in letters, that nobody could read ask for a plain look at where they are. */
const MIN_UNREAD_LETTERS = 5;

/** What reading a frame takes. */
export interface OcrContext {
  recognizer: Recognizer;
  budget: Budget;
  cache: LineCache;
}

/** A view of a picture under the ctx: where it begins, in pixels of the picture, and how much it is scaled. */
interface StripView {
  source: Source;
  strip: PixelBox;
  scale: number;
}

/**
 * Reads one frame: the recognized found, in reading order, in pixels of the frame.
 *
 * @param pixels - how many to look at in one piece
 * @param retryPlain - whether to give tesseract the frame as it is when no letters were found
 */
export async function readFrame(
  source: Source,
  { width, height }: Measured,
  ctx: OcrContext,
  pixels: number,
  retryPlain: boolean,
): Promise<Reading[]> {
  if (Math.min(width, height) < MIN_SIDE_PX) return [];
  const { scale, strips } = planStrips(width, height, pixels);
  const readings: Reading[] = [];
  for (const strip of strips) {
    if (ctx.budget.isSpent()) break;
    readings.push(...(await readStrip({ source, strip, scale }, ctx, retryPlain)));
  }
  return sortInReadingOrder(mergeReadings(keepTrusted(readings)));
}

async function readStrip(view: StripView, ctx: OcrContext, retryPlain: boolean): Promise<Reading[]> {
  const { first, rest } = chooseLines(await findLines(view.source, view.strip, view.scale));
  const readings = await readLines(first, view, ctx);
  const known = keepTrusted(readings);
  const isRead = (entry: PageLine, sure: number) =>
    known.some(
      (reading) =>
        reading.confidence >= sure &&
        reading.letters >= MIN_READ_LETTER_SHARE * estimateLetters(entry.line) &&
        overlapShare(reading, boxInPicture(entry, view)) >= MIN_SAME_PLACE_OVERLAP,
    );
  const unsure = rest.filter((entry) => !isRead(entry, SURE_CONFIDENCE));
  readings.push(...(await readLines(chooseLines(unsure).first, view, ctx, readings)));

  if (ctx.budget.isSpent()) return readings;
  const unread = first.filter(
    (entry) => estimateLetters(entry.line) >= MIN_UNREAD_LETTERS && !isRead(entry, 0),
  );
  if (known.length === 0) {
    if (retryPlain) readings.push(...(await readPlain(view.source, view.strip, 'fin', ctx)));
  } else if (unread.length > 0) {
    const box = boundsAround(
      unread.map((entry) => boxInPicture(entry, view)),
      view.strip,
    );
    readings.push(...(await readPlain(view.source, box, languageOf(known), ctx)));
  }
  return readings;
}

const boxInPicture = ({ line }: PageLine, { strip, scale }: StripView): PixelBox => ({
  left: strip.left + line.left / scale,
  top: strip.top + line.top / scale,
  right: strip.left + line.right / scale,
  bottom: strip.top + line.bottom / scale,
});

/** Lines boundsAround a place belong to it: this many of its largest box's heights. */
const MARGIN_LINE_HEIGHTS = 1.2;

/** A view of the picture that holds these boxes with some room, in whole pixels. */
function boundsAround(boxes: readonly PixelBox[], limit: PixelBox): PixelBox {
  const room = MARGIN_LINE_HEIGHTS * Math.max(...boxes.map(({ top, bottom }) => bottom - top));
  const all = boxes.reduce(unionBox);
  return {
    left: Math.max(limit.left, Math.floor(all.left - room)),
    top: Math.max(limit.top, Math.floor(all.top - room)),
    right: Math.min(limit.right, Math.ceil(all.right + room)),
    bottom: Math.min(limit.bottom, Math.ceil(all.bottom + room)),
  };
}

/** Of more lines than this the shortest are read first that hold so many letters each, and in all. */
const MAX_LINES_WITHOUT_PROBE = 12;
const MIN_PROBE_LINE_LETTERS = 14;
const PROBE_TARGET_LETTERS = 90;

/** Rows to tell the language of all by, and the others. */
function splitProbe(lines: readonly PageLine[]): [PageLine[], PageLine[]] {
  if (lines.length <= MAX_LINES_WITHOUT_PROBE) return [[...lines], []];
  const first = new Set<PageLine>();
  let letters = 0;
  for (const [entry, count] of lines
    .map((entry) => [entry, estimateLetters(entry.line)] as const)
    .filter(([, count]) => count >= MIN_PROBE_LINE_LETTERS)
    .sort(([, a], [, b]) => a - b)) {
    if (letters >= PROBE_TARGET_LETTERS) break;
    first.add(entry);
    letters += count;
  }
  return [[...first], lines.filter((entry) => !first.has(entry))];
}

/**
 * Reads lines in Finnish, or in English once what was read `before` or in the first of them is English; and those that
 * are unsure in the other language as well.
 */
async function readLines(
  lines: readonly PageLine[],
  view: StripView,
  ctx: OcrContext,
  before: readonly Reading[] = [],
): Promise<Reading[]> {
  const readings: Reading[] = [];
  const fresh: PageLine[] = [];
  for (const entry of lines.slice(0, MAX_LINES_PER_VIEW)) {
    const known = ctx.cache.get(entry);
    if (known === undefined) fresh.push(entry);
    else if (known !== null) readings.push(known);
  }
  const dense = fresh.length > MAX_LINES_WITHOUT_PROBE;
  const recognize = (entries: readonly PageLine[], language: OcrLanguage) =>
    recognizeLines(entries, view, { language, dense }, ctx);
  for (const batch of splitProbe(fresh)) {
    const first = languageOf(keepTrusted([...before, ...readings]));
    const results = await recognize(batch, first);
    const found = [...results.values()].filter((reading) => reading !== null);
    const language = languageOf(keepTrusted([...before, ...readings, ...found]));
    const doubtful = batch.filter((entry) => {
      const reading = results.get(entry);
      return reading !== null && reading !== undefined && isDoubtful(reading, first, language);
    });
    const again = await recognize(doubtful, first === 'fin' ? 'eng' : 'fin');
    for (const [entry, one] of results) {
      const other = again.get(entry) ?? null;
      const best = first === 'fin' ? preferred(one, other, language) : preferred(other, one, language);
      ctx.cache.set(entry, best);
      if (best !== null) readings.push(best);
    }
  }
  return readings;
}

/** What each line says in one language, as far as the budget goes. */
async function recognizeLines(
  lines: readonly PageLine[],
  { strip, scale }: StripView,
  { language, dense }: { language: OcrLanguage; dense: boolean },
  { recognizer, budget }: OcrContext,
): Promise<Map<PageLine, Reading | null>> {
  const results = new Map<PageLine, Reading | null>();
  for (const composed of composePages(lines, dense)) {
    if (budget.isSpent()) break;
    const recognized = await recognizer.recognize(composed.page, 'block', language);
    const readings = readingsOfPage(composed, recognized, {
      scale,
      left: strip.left,
      top: strip.top,
    });
    composed.placements.forEach(({ entry }, index) => results.set(entry, readings[index] ?? null));
  }
  return results;
}

/** A view of the picture as it is: for what stands on neither an even ground nor has an outline. */
async function readPlain(
  source: Source,
  box: PixelBox,
  language: OcrLanguage,
  { recognizer }: OcrContext,
): Promise<Reading[]> {
  const pixels = (box.right - box.left) * (box.bottom - box.top);
  const scale = Math.min(1, Math.sqrt(MAX_PLAIN_PIXELS / pixels));
  const recognized = await recognizer.recognize(
    toGrey(await decodeRegion(source, box, scale)),
    'page',
    language,
  );
  return readingsOfPicture(recognized, { scale, left: box.left, top: box.top });
}
