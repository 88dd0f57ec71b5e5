import { describe, expect, it } from 'vitest';
import { countsOf, keepTrusted, type Reading } from '../../../../app/ocr/recognize/readings.ts';

/** Makes a reading of words with their confidences. */
function reading(...words: readonly (readonly [string, number])[]): Reading {
  const placed = words.map(([text, confidence], index) => ({
    text,
    confidence,
    box: { left: index * 100, top: 0, right: index * 100 + 90, bottom: 20 },
  }));
  return { ...countsOf(placed), height: 20, tidy: false };
}

const texts = (readings: readonly Reading[]) => readings.map(({ words }) => words.map(({ text }) => text));

describe('of a line that is not trusted', () => {
  it('the sure long words stay, within their bounds', () => {
    const kept = keepTrusted([reading(['maanantai', 93], ['%&jxxqwtlkw', 21], ['aamulla', 91])]);
    expect(texts(kept)).toEqual([['maanantai', 'aamulla']]);
    expect(kept[0]).toMatchObject({ left: 0, right: 290, letters: 16 });
  });

  it('nothing stays when its sure words are short, few, or have digits', () => {
    expect(keepTrusted([reading(['on', 95], ['se', 95], ['qxwvtkzl', 41])])).toEqual([]);
    expect(keepTrusted([reading(['aamulla', 91], ['qxwvtkzlmm', 41], ['wqpzk', 42])])).toEqual([]);
    expect(keepTrusted([reading(['a1b2c3d', 95], ['qxwvtk', 41])])).toEqual([]);
  });

  it('they yield to a trusted reading of the whole line', () => {
    const whole = reading(['maanantai', 80], ['aamulla', 80]);
    const [part] = keepTrusted([reading(['maanantai', 93], ['xqwtzlkp', 41])]);
    expect(part?.score).toBeLessThan(whole.score);
  });
});

it('a trusted line stays as it is', () => {
  const line = reading(['maanantai', 93], ['on', 70], ['taas', 88]);
  expect(keepTrusted([line])).toEqual([line]);
});
