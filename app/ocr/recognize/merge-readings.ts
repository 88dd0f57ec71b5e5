import { countLetters } from './clean-word.ts';
import { overlapShare } from '../image/raster.ts';
import type { Reading } from './readings.ts';

/** Overlap, as a share of the smaller reading, from which two readings show the same line. */
const SAME_LINE_OVERLAP = 0.3;
/** Confidence that a reading with more diacritics may lack and still win. */
const DIACRITICS_CONFIDENCE_MARGIN = 15;

/** Keeps the best of several readings of one place. */
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

/**
 * Tells whether a reading has more diacritics and otherwise the same letters. Recognition loses
 * dots but does not invent them.
 */
function isMoreComplete(reading: Reading, other: Reading): boolean {
  const [text, otherText] = [textOf(reading), textOf(other)];
  return (
    diacritics(text) > diacritics(otherText) &&
    countLetters(text) === countLetters(otherText) &&
    baseLetters(text) === baseLetters(otherText) &&
    reading.confidence >= other.confidence - DIACRITICS_CONFIDENCE_MARGIN
  );
}
