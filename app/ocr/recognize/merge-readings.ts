import { countLetters } from './clean-word.ts';
import { overlapShare } from '../image/raster.ts';
import type { Reading } from './readings.ts';

/** Lines of two readings that share more than this of the smaller one are the same line. */
const SAME_LINE_OVERLAP = 0.3;
/** A reading with more diacritics may be this much less sure and still be the better one. */
const DIACRITICS_CONFIDENCE_MARGIN = 15;

/** Of several readings of one place the best is kept. */
export function mergeReadings(readings: readonly Reading[]): Reading[] {
  const kept: Reading[] = [];
  for (const reading of readings.toSorted((a, b) => b.score - a.score)) {
    const rival = kept.findIndex((other) => overlapShare(other, reading) > SAME_LINE_OVERLAP);
    const other = kept[rival];
    if (other === undefined) kept.push(reading);
    else if (isMoreComplete(reading, other)) kept[rival] = reading;
  }
  return kept;
}

const textOf = ({ words }: Reading) => words.map(({ text }) => text).join(' ');
const baseLetters = (text: string) =>
  text
    .normalize('NFD')
    .replaceAll(/[\p{M}\p{P}\p{S}\s]/gu, '')
    .toLowerCase();
const diacritics = (text: string) => text.normalize('NFD').match(/\p{M}/gu)?.length ?? 0;

/** Dots get lost, they are not made up: of two readings that differ in them only, the one with more is right. */
function isMoreComplete(reading: Reading, other: Reading): boolean {
  const [text, otherText] = [textOf(reading), textOf(other)];
  return (
    diacritics(text) > diacritics(otherText) &&
    countLetters(text) === countLetters(otherText) &&
    baseLetters(text) === baseLetters(otherText) &&
    reading.confidence >= other.confidence - DIACRITICS_CONFIDENCE_MARGIN
  );
}
