import { describe, expect, it } from 'vitest';
import type { Letter } from '../../../../app/ocr/detect/letter.ts';
import { groupRows } from '../../../../app/ocr/lines/group-lines.ts';

let ids = 0;

/** A patch that fills half of its box, as letters do; dots fill theirs. */
function patch(left: number, top: number, width: number, height: number, fill = 0.5): Letter {
  ids += 1;
  const area = Math.round(width * height * fill);
  return { id: ids, left, top, right: left + width, bottom: top + height, area, full: 200, clear: 1 };
}

/** So many letters of 20 by 30 pixels from `left`, standing on a base line that falls by `slope`. */
const line = (left: number, base: number, count: number, slope = 0) =>
  Array.from({ length: count }, (_, index) =>
    patch(left + index * 26, Math.round(base + slope * index * 26) - 30, 20, 30),
  );

const dot = (left: number, top: number) => patch(left, top, 6, 6, 0.9);

describe('letters', () => {
  it('on one base line are a row, from left to right', () => {
    const letters = line(100, 200, 6);
    const rows = groupRows(letters.toReversed(), 6);
    expect(rows.map((row) => row.letters.map(({ id }) => id))).toEqual([letters.map(({ id }) => id)]);
    expect(rows[0]).toMatchObject({ base: 200, height: 30, slope: 0 });
  });

  it('on two base lines are two rows, from top to bottom', () => {
    const rows = groupRows([...line(100, 260, 5), ...line(100, 200, 7)], 6);
    expect(rows.map(({ letters }) => letters.length)).toEqual([7, 5]);
  });

  it('two word spaces apart are one row, and further apart are two', () => {
    expect(groupRows([...line(100, 200, 4), ...line(230, 200, 4)], 6)).toHaveLength(1);
    expect(groupRows([...line(100, 200, 4), ...line(260, 200, 4)], 6)).toHaveLength(2);
  });

  it('on a base line that falls by five degrees are one row that falls', () => {
    const slope = Math.tan((5 * Math.PI) / 180);
    const rows = groupRows(line(100, 200, 14, slope), 6);
    expect(rows.map(({ letters }) => letters.length)).toEqual([14]);
    expect(rows[0]?.slope).toBeCloseTo(slope, 2);
  });

  it('lower than asked for are no row', () => {
    expect(groupRows(line(100, 200, 6), 31)).toEqual([]);
  });
});

describe('marks', () => {
  it('above a letter belong to its row, though they chain with each other', () => {
    const dots = [0, 1, 2, 3].flatMap((index) => [dot(102 + index * 26, 160), dot(112 + index * 26, 160)]);
    const rows = groupRows([...line(100, 200, 6), ...dots], 4);
    expect(rows.map(({ letters, marks }) => [letters.length, marks.length])).toEqual([[6, 8]]);
  });

  it('that ran into one on top of a letter belong to its row', () => {
    const rows = groupRows([...line(100, 200, 6), patch(127, 160, 18, 7, 0.8)], 6);
    expect(rows.map(({ marks }) => marks.length)).toEqual([1]);
  });

  it('between two rows belong to the nearer one', () => {
    const comma = patch(256, 194, 7, 12, 0.8);
    const rows = groupRows([...line(100, 200, 6), ...line(100, 250, 8), comma], 6);
    expect(rows.map(({ marks }) => marks.map(({ id }) => id))).toEqual([[comma.id], []]);
  });

  it('inside a letter, as the holes of outlined ones are, belong to none', () => {
    const rows = groupRows([...line(100, 200, 6), patch(132, 182, 8, 8, 0.9)], 6);
    expect(rows.map(({ marks }) => marks.length)).toEqual([0]);
  });

  it('much fainter than the letters, as the ringing of compression is, belong to none', () => {
    const faint = { ...dot(110, 160), full: 40 };
    const rows = groupRows([...line(100, 200, 6), faint, dot(128, 160)], 6);
    expect(rows.map(({ marks }) => marks.length)).toEqual([1]);
  });

  it('that are splinters of a busy background belong to none', () => {
    const rows = groupRows([...line(100, 200, 6), patch(120, 158, 9, 9, 0.2)], 6);
    expect(rows.map(({ marks }) => marks.length)).toEqual([0]);
  });
});

describe('a bright background between outlined capitals', () => {
  const capitals = [...line(100, 200, 4), ...line(220, 200, 4)];

  it('is no letter where it sticks out above and below', () => {
    const rows = groupRows([...capitals, patch(206, 164, 8, 42)], 6);
    expect(rows.map(({ letters }) => letters.length)).toEqual([8]);
  });

  it('is no letter where it hangs down from above', () => {
    const rows = groupRows([...capitals, patch(200, 162, 18, 28)], 6);
    expect(rows.map(({ letters }) => letters.length)).toEqual([8]);
  });

  it('is not what a capital with its dots is', () => {
    const rows = groupRows([...capitals, patch(324, 160, 20, 40)], 6);
    expect(rows.map(({ letters }) => letters.length)).toEqual([9]);
  });
});

describe('small letters', () => {
  it('that touch, and so stick out above and below, stay among others with ascenders', () => {
    const small = line(100, 200, 9);
    const rows = groupRows([...small, patch(334, 158, 20, 42), patch(360, 158, 40, 52)], 6);
    expect(rows.map(({ letters }) => letters.length)).toEqual([11]);
  });
});

describe('a frame', () => {
  it('is left out, and the lines inside it are rows of their own', () => {
    const frame = patch(80, 150, 300, 160, 0.05);
    const rows = groupRows([frame, ...line(100, 200, 6), ...line(100, 260, 6)], 6);
    expect(rows.map(({ letters }) => letters.length)).toEqual([6, 6]);
    expect(rows.flatMap(({ letters, marks }) => [...letters, ...marks])).not.toContain(frame);
  });
});
