import { describe, expect, it } from 'vitest';
import { renderLine } from '../../../../app/ocr/recognize/render-line.ts';
import type { Letter, Letters } from '../../../../app/ocr/detect/letter.ts';
import { groupLines } from '../../../../app/ocr/lines/group-lines.ts';
import type { TextLine } from '../../../../app/ocr/lines/line.ts';
import { toOriginalX, narrowSpaces, toWidenedX } from '../../../../app/ocr/recognize/widen-spaces.ts';

const HEIGHT = 40;

/** Makes a line of letters of 20 by 40 pixels with these gaps, in letter heights. */
function lineOf(gaps: readonly number[]): TextLine {
  const lefts = [100];
  for (const gap of gaps) lefts.push((lefts.at(-1) ?? 0) + 20 + gap * HEIGHT);
  const letters = lefts.map((left, index): Letter => {
    const box = { left, right: left + 20, top: 60, bottom: 60 + HEIGHT };
    return { ...box, id: index + 1, area: 400, bodyInk: 200, clearShare: 1 };
  });
  const [line] = groupLines(letters, 6);
  if (line === undefined) throw new Error('The letters are no line.');
  return line;
}

describe('spaces hardly wider than the gaps between letters', () => {
  const line = lineOf([0.05, 0.075, 0.25, 0.05, 0.05, 0.225, 0.1, 0.05]);

  it('are found, and given the room they lack', () => {
    const spaces = narrowSpaces(line, 0.75);
    expect(spaces.map(({ room }) => room)).toEqual([20, 21]);
    expect(spaces.map(({ at }) => line.letters.filter(({ left }) => left < at).length)).toEqual([3, 6]);
  });

  it('stay as they are where they are wide enough', () => {
    expect(narrowSpaces(line, 0.2)).toEqual([]);
  });

  it('are not seen in evenly toWidenedX letters, nor in pairs that stand apart a little more', () => {
    expect(narrowSpaces(lineOf([0.2, 0.2, 0.225, 0.2, 0.2, 0.225]), 0.75)).toEqual([]);
    expect(narrowSpaces(lineOf([0.025, 0.1, 0.025, 0.1, 0.025, 0.1, 0.025]), 0.75)).toEqual([]);
  });

  it('are told from gaps when one space is far wider than the others', () => {
    const spaces = narrowSpaces(lineOf([0.05, 0.1, 0.3, 0.05, 0.1, 0.3, 0.05, 0.95, 0.1]), 0.75);
    expect(spaces.map(({ room }) => room)).toEqual([18, 18]);
  });
});

describe('room added to a line', () => {
  const spaces = [
    { at: 100, room: 30 },
    { at: 200, room: 10 },
  ];

  it('moves what comes after it, and the way back is exact', () => {
    expect([50, 101, 201].map((x) => toWidenedX(x, spaces))).toEqual([50, 131, 241]);
    for (const x of [0, 50, 100, 101, 150, 200, 201, 400])
      expect(toOriginalX(toWidenedX(x, spaces), spaces)).toBe(x);
  });

  it('leads back to where it was added', () => {
    expect([115, 130, 235].map((x) => toOriginalX(x, spaces))).toEqual([100, 100, 200]);
  });

  it('is white on the page, and the letters after it are whole', () => {
    const line = lineOf([0.05, 0.05, 0.25, 0.05]);
    const source = sourceOf(line);
    const options = { scale: 1, squeeze: 1 };
    const before = renderLine({ line, source }, { ...options, spaces: [] });
    const [last] = line.letters.slice(-2);
    const after = renderLine(
      { line, source },
      { ...options, spaces: [{ at: (last?.left ?? 0) - 2, room: 12 }] },
    );
    expect(after.width).toBe(before.width + 12);
    const ink = ({ data }: { data: Uint8Array }) => data.reduce((sum, value) => sum + (255 - value), 0);
    expect(ink(after)).toBe(ink(before));
  });
});

/** Makes a picture with solid letters. */
function sourceOf({ letters }: TextLine): Letters {
  const [width, height] = [600, 140];
  const labels = new Int32Array(width * height);
  const ink = new Uint8Array(width * height);
  for (const { id, left, right, top, bottom } of letters) {
    for (let y = top; y < bottom; y += 1) {
      labels.fill(id, y * width + left, y * width + right);
      ink.fill(200, y * width + left, y * width + right);
    }
  }
  return { width, height, labels, ink, letters };
}
