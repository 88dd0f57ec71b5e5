import { describe, expect, it } from 'vitest';
import { splitAtMarks } from '../../../client/library/highlight.ts';

const marked = (text: string, marks: [number, number][]) =>
  splitAtMarks(text, marks)
    .map((run) => (run.marked ? `[${run.text}]` : run.text))
    .join('');

describe('runs', () => {
  it('cuts a text at its marks', () => {
    expect(marked('kun koodi toimii', [[4, 9]])).toBe('kun [koodi] toimii');
  });

  it('counts in UTF-16 units, as the server does', () => {
    expect(marked('😀 koodi', [[3, 8]])).toBe('😀 [koodi]');
  });

  it('shows the whole text once, whatever the marks', () => {
    for (const marks of [
      [
        [4, 9],
        [0, 3],
      ],
      [
        [0, 9],
        [4, 12],
      ],
      [[10, 99]],
      [[50, 60]],
      [[5, 5]],
      [[-3, 2]],
    ] as [number, number][][]) {
      expect(
        splitAtMarks('kun koodi toimii', marks)
          .map((run) => run.text)
          .join(''),
      ).toBe('kun koodi toimii');
    }
  });

  it('keeps markup as text', () => {
    expect(splitAtMarks('<b>x</b>', [[0, 3]])).toEqual([
      { text: '<b>', marked: true },
      { text: 'x</b>', marked: false },
    ]);
  });
});
