import { describe, expect, it } from 'vitest';
import type { Letter } from '../../../../app/ocr/detect/letter.ts';
import { groupLines } from '../../../../app/ocr/lines/group-lines.ts';

let ids = 0;

/** Makes a patch that fills half of its box, as letters do. Dots fill the whole box. */
function patch(left: number, top: number, width: number, height: number, fill = 0.5): Letter {
  ids += 1;
  const area = Math.round(width * height * fill);
  return { id: ids, left, top, right: left + width, bottom: top + height, area, bodyInk: 200, clearShare: 1 };
}

/** Makes `count` letters of 20 by 30 pixels from `left`. Their baseline falls by `slope`. */
const line = (left: number, base: number, count: number, slope = 0) =>
  Array.from({ length: count }, (_, index) =>
    patch(left + index * 26, Math.round(base + slope * index * 26) - 30, 20, 30),
  );

const dot = (left: number, top: number) => patch(left, top, 6, 6, 0.9);

describe('letters', () => {
  it('on one base line are a line, from left to right', () => {
    const letters = line(100, 200, 6);
    const lines = groupLines(letters.toReversed(), 6);
    expect(lines.map((line) => line.letters.map(({ id }) => id))).toEqual([letters.map(({ id }) => id)]);
    expect(lines[0]).toMatchObject({ base: 200, height: 30, slope: 0 });
  });

  it('on two base lines are two lines, from top to bottom', () => {
    const lines = groupLines([...line(100, 260, 5), ...line(100, 200, 7)], 6);
    expect(lines.map(({ letters }) => letters.length)).toEqual([7, 5]);
  });

  it('two word spaces apart are one line, and further apart are two', () => {
    expect(groupLines([...line(100, 200, 4), ...line(230, 200, 4)], 6)).toHaveLength(1);
    expect(groupLines([...line(100, 200, 4), ...line(260, 200, 4)], 6)).toHaveLength(2);
  });

  it('on a base line that falls by five degrees are one line that falls', () => {
    const slope = Math.tan((5 * Math.PI) / 180);
    const lines = groupLines(line(100, 200, 14, slope), 6);
    expect(lines.map(({ letters }) => letters.length)).toEqual([14]);
    expect(lines[0]?.slope).toBeCloseTo(slope, 2);
  });

  it('lower than asked for are no line', () => {
    expect(groupLines(line(100, 200, 6), 31)).toEqual([]);
  });
});

describe('marks', () => {
  it('above a letter belong to its line, though they chainLetters with each other', () => {
    const dots = [0, 1, 2, 3].flatMap((index) => [dot(102 + index * 26, 160), dot(112 + index * 26, 160)]);
    const lines = groupLines([...line(100, 200, 6), ...dots], 4);
    expect(lines.map(({ letters, marks }) => [letters.length, marks.length])).toEqual([[6, 8]]);
  });

  it('that ran into one on top of a letter belong to its line', () => {
    const lines = groupLines([...line(100, 200, 6), patch(127, 160, 18, 7, 0.8)], 6);
    expect(lines.map(({ marks }) => marks.length)).toEqual([1]);
  });

  it('between two lines belong to the nearer one', () => {
    const comma = patch(256, 194, 7, 12, 0.8);
    const lines = groupLines([...line(100, 200, 6), ...line(100, 250, 8), comma], 6);
    expect(lines.map(({ marks }) => marks.map(({ id }) => id))).toEqual([[comma.id], []]);
  });

  it('inside a letter, as the holes of outlined ones are, belong to none', () => {
    const lines = groupLines([...line(100, 200, 6), patch(132, 182, 8, 8, 0.9)], 6);
    expect(lines.map(({ marks }) => marks.length)).toEqual([0]);
  });

  it('much fainter than the letters, as the ringing of compression is, belong to none', () => {
    const faint = { ...dot(110, 160), bodyInk: 40 };
    const lines = groupLines([...line(100, 200, 6), faint, dot(128, 160)], 6);
    expect(lines.map(({ marks }) => marks.length)).toEqual([1]);
  });

  it('that are splinters of a busy background belong to none', () => {
    const lines = groupLines([...line(100, 200, 6), patch(120, 158, 9, 9, 0.2)], 6);
    expect(lines.map(({ marks }) => marks.length)).toEqual([0]);
  });
});

describe('the parts of a picture', () => {
  it('do not take the short line above them for their dots', () => {
    const parts = [100, 330, 560].map((left) => patch(left, 200, 200, 300));
    const lines = groupLines([...parts, ...line(300, 180, 4)], 6);
    expect(lines.map(({ letters, marks }) => [letters.length, marks.length])).toEqual([
      [4, 0],
      [3, 0],
    ]);
  });
});

describe('a bright background between outlined capitals', () => {
  const capitals = [...line(100, 200, 4), ...line(220, 200, 4)];

  it('is no letter where it sticks out above and below', () => {
    const lines = groupLines([...capitals, patch(206, 164, 8, 42)], 6);
    expect(lines.map(({ letters }) => letters.length)).toEqual([8]);
  });

  it('is no letter where it hangs down from above', () => {
    const lines = groupLines([...capitals, patch(200, 162, 18, 28)], 6);
    expect(lines.map(({ letters }) => letters.length)).toEqual([8]);
  });

  it('is not what a capital with its dots is', () => {
    const lines = groupLines([...capitals, patch(324, 160, 20, 40)], 6);
    expect(lines.map(({ letters }) => letters.length)).toEqual([9]);
  });
});

describe('small letters', () => {
  it('that touch, and so stick out above and below, stay among others with ascenders', () => {
    const small = line(100, 200, 9);
    const lines = groupLines([...small, patch(334, 158, 20, 42), patch(360, 158, 40, 52)], 6);
    expect(lines.map(({ letters }) => letters.length)).toEqual([11]);
  });
});

describe('a frame', () => {
  it('is left out, and the lines inside it are lines of their own', () => {
    const frame = patch(80, 150, 300, 160, 0.05);
    const lines = groupLines([frame, ...line(100, 200, 6), ...line(100, 260, 6)], 6);
    expect(lines.map(({ letters }) => letters.length)).toEqual([6, 6]);
    expect(lines.flatMap(({ letters, marks }) => [...letters, ...marks])).not.toContain(frame);
  });
});
