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

/** Smallest side of a picture with text, pixels. */
const MIN_SIDE_PX = 8;
/** Largest number of lines read in one view. A page of a thousand words has about a hundred. */
const MAX_LINES_PER_VIEW = 160;
/** Confidence from which a complete reading needs no second reading. */
const SURE_CONFIDENCE = 88;
const MIN_READ_LETTER_SHARE = 0.7;
const MIN_SAME_PLACE_OVERLAP = 0.4;
/**
 * Largest size of a plain view, pixels. Smaller regions keep their own scale, because large letters
 * must not be enlarged.
 */
const MAX_PLAIN_PIXELS = 1_200_000;
/** Smallest length in letters of an unread line that triggers a plain reading of its region. */
const MIN_UNREAD_LETTERS = 5;

/** Everything that the reading of a frame needs. */
export interface OcrContext {
  recognizer: Recognizer;
  budget: Budget;
  cache: LineCache;
}

/**
 * A scaled strip of a picture. `strip` is in pixels of the picture, `scale` in working pixels per
 * picture pixel.
 */
interface StripView {
  source: Source;
  strip: PixelBox;
  scale: number;
}

/**
 * Reads one frame.
 *
 * @param pixels - size of one working strip, pixels
 * @param retryPlain - whether tesseract reads the whole frame when detection finds no letters
 * @returns lines in reading order, in pixels of the frame
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

/** Margin around unread lines, in heights of the tallest line. Nearby lines belong to them. */
const MARGIN_LINE_HEIGHTS = 1.2;

/** Computes the bounds of these boxes plus a margin, in whole pixels inside `limit`. */
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

/**
 * The language probe.
 *
 * With more lines than the first number, some lines are read first. They are the shortest lines of
 * at least 14 letters, until they have 90 letters in all.
 */
const MAX_LINES_WITHOUT_PROBE = 12;
const MIN_PROBE_LINE_LETTERS = 14;
const PROBE_TARGET_LETTERS = 90;

/** Splits lines into those that reveal the language and the rest. */
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
 * Reads lines in Finnish, and doubtful lines in both languages.
 *
 * English comes first once the readings `before`, or the first readings here, are English.
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

/** Recognizes lines in one language, until the budget is spent. */
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

/**
 * Reads a region without letter detection. This is for text with neither an even background nor an
 * outline.
 */
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
