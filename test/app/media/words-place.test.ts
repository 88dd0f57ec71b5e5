import { expect, it } from 'vitest';
import { isCutInHeight, placeOfWords } from '../../../app/media/formats/words-place.ts';

const strip = { width: 1000, height: 10_000 };
/** A line of this many letters, 100 pixels high, at this place of the strip. */
const line = (top: number, letters = 20) => ({ top: top / 10_000, bottom: (top + 100) / 10_000, letters });

it.each([
  ['words at the top of a thumbnail that shows another part', [line(300), line(6000)], 4000, 0],
  ['words further down, with some of the picture above them', [line(6000), line(9000)], 0, 5880],
  ['words at the very end', [line(9800)], 0, 8000],
  ['words in any order', [line(9000), line(6000)], 0, 5880],
  ['words that are shown', [line(1500)], 0, null],
  ['words that are shown, further down', [line(5000)], 4000, null],
  ['words that are cut at the lower edge', [line(1950)], 0, 1830],
  ['no words', [], 0, null],
  ['next to no words', [line(6000, 7)], 0, null],
  ['a time of day above the words', [line(50, 4), line(6000)], 0, 5880],
  ['short lines that follow each other', [line(6000, 4), line(6150, 4)], 0, 5880],
])('%s', (_what, lines, shownFrom, place) => {
  expect(placeOfWords(lines, strip, shownFrom)).toBe(place);
});

it('a picture whose height is shown whole has no such place', () => {
  const photo = { width: 1000, height: 1900 };
  expect([isCutInHeight(photo), isCutInHeight(strip)]).toEqual([false, true]);
  expect(placeOfWords([{ top: 0.9, bottom: 0.95, letters: 20 }], photo, 0)).toBeNull();
  expect(placeOfWords([line(9000)], { width: 9000, height: 900 }, 0)).toBeNull();
});
