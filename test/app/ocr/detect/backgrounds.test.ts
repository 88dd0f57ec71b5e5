import { expect, it } from 'vitest';
import { dropLetterBodies, findBackgrounds } from '../../../../app/ocr/detect/backgrounds.ts';
import { packColours } from '../../../../app/ocr/image/packed-colours.ts';

const SIDE = 400;

/** Draws grey rectangles on white: left, top, right, bottom, level. */
function draw(...rectangles: readonly (readonly [number, number, number, number, number])[]) {
  const data = new Uint8Array(SIDE * SIDE * 3).fill(255);
  for (const [left, top, right, bottom, level] of rectangles) {
    for (let y = top; y < bottom; y += 1) data.fill(level, (y * SIDE + left) * 3, (y * SIDE + right) * 3);
  }
  return packColours({ width: SIDE, height: SIDE, data });
}

const backgroundAt = (picture: ReturnType<typeof draw>, x: number, y: number) =>
  dropLetterBodies(findBackgrounds(picture), SIDE, SIDE).labels[y * SIDE + x];

it('a very bold D is no background, though its hole is as large as one', () => {
  const picture = draw([150, 150, 230, 250, 20], [180, 170, 210, 230, 255]);
  expect(backgroundAt(picture, 160, 200)).toBe(0);
  expect(backgroundAt(picture, 10, 10)).not.toBe(0);
});

it('a panel between two panels of other colours is a background', () => {
  const picture = draw([0, 150, 150, 250, 120], [150, 150, 230, 250, 20], [230, 150, 400, 250, 200]);
  expect(backgroundAt(picture, 190, 200)).not.toBe(0);
});
