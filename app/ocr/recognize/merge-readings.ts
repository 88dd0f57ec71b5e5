import { countLetters } from './clean-word.ts';
import { overlap } from '../image/raster.ts';
import type { Reading } from './readings.ts';

/** Lines of two readings that share more than this of the smaller one are the same line. */
const SAME = 0.3;
/** A reading with more diacritics may be this much less sure and still be the better one. */
const LENIENCE = 15;

/** Of several readings of one place the best is kept. */
export function mergeReadings(readings: readonly Reading[]): Reading[] {
  const kept: Reading[] = [];
  for (const reading of readings.toSorted((a, b) => b.score - a.score)) {
    const rival = kept.findIndex((other) => overlap(other, reading) > SAME);
    const other = kept[rival];
    if (other === undefined) kept.push(reading);
    else if (isMoreComplete(reading, other)) kept[rival] = reading;
  }
  return kept;
}

const textOf = ({ words }: Reading) => words.map(({ text }) => text).join(' ');
const bare = (text: string) =>
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
    bare(text) === bare(otherText) &&
    reading.confidence >= other.confidence - LENIENCE
  );
}
