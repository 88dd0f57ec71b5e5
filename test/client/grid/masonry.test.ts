import { thumbSize } from '../../../app/media/shape.shared.ts';
import { describe, expect, it } from 'vitest';
import { DENSITIES } from '../../../client/grid/tile-settings.ts';
import {
  LARGE_WIDTH_PIXELS,
  MIN_LARGE_GAIN,
  THUMB_WIDTH_PIXELS,
} from '../../../app/media/thumbnail.limits.ts';
import {
  columnsFor,
  gapFor,
  layOutMasonry,
  tileAboveOrBelow,
  boxesBetween,
} from '../../../client/grid/masonry.ts';

const square = { width: 100, height: 100, captionLines: 0 };
const LINE = 20;

describe('columnsFor', () => {
  it.each([
    [304, 2],
    [374, 2],
    [744, 3],
    [1400, 5],
    [3800, 9],
  ])('%i px make %i columns', (width, columns) => {
    expect(columnsFor(width)).toBe(columns);
  });

  it.each([
    ['compact', 374, 3],
    ['compact', 1400, 7],
    ['compact', 3800, 13],
    ['large', 374, 1],
    ['large', 1400, 3],
    ['large', 3800, 6],
  ] as const)('%s tiles on %i px make %i columns', (size, width, columns) => {
    expect(columnsFor(width, DENSITIES[size])).toBe(columns);
  });

  it.each([
    [390, 3],
    [768, 2],
    [1440, 2],
    [1920, 1],
    [1920, 2],
    [2560, 2],
    [3840, 1],
  ])('makes tiles that their thumbnails fill, on %i × %i pixels', (width, ratio) => {
    /** How much a thumbnail is enlarged in a tile. */
    const enlarged = (size: keyof typeof DENSITIES, thumb: number) =>
      (ratio * width) / columnsFor(width, DENSITIES[size]) / thumb;
    expect(enlarged('compact', THUMB_WIDTH_PIXELS)).toBeLessThan(0.8);
    expect(enlarged('normal', THUMB_WIDTH_PIXELS)).toBeLessThan(MIN_LARGE_GAIN);
    expect(enlarged('large', LARGE_WIDTH_PIXELS)).toBeLessThan(1.35);
  });

  it('makes columns wider on a wider display', () => {
    const widths = [800, 1400, 1900, 2500, 3800].map((width) => width / columnsFor(width));
    expect(widths).toEqual(widths.toSorted((a, b) => a - b));
  });
});

describe('layOut', () => {
  it('gives a tile the proportions of its thumbnail', () => {
    for (const size of [
      { width: 1080, height: 12_000 },
      { width: 1170, height: 2532 },
      { width: 12_000, height: 400 },
      { width: 900, height: 1200 },
    ]) {
      const [box] = layOutMasonry([{ ...size, captionLines: 0 }], 1208, LINE).boxes;
      const thumb = thumbSize(size);
      const height = ((box?.width ?? 0) * thumb.height) / thumb.width;
      expect(Math.abs((box?.height ?? 0) - height)).toBeLessThanOrEqual(1);
    }
  });

  it('fills the width exactly, at any width', () => {
    for (const width of [304, 511, 1023, 1777, 3840]) {
      const { boxes, columns } = layOutMasonry(
        Array.from({ length: columnsFor(width) }, () => square),
        width,
        LINE,
      );
      const last = boxes[columns - 1];
      expect((last?.x ?? 0) + (last?.width ?? 0)).toBeCloseTo(width);
    }
  });

  it('puts each tile into the shortest column, the leftmost of equals', () => {
    const tall = { width: 100, height: 180, captionLines: 0 };
    const { boxes } = layOutMasonry([tall, square, square], 310, LINE);
    expect(boxes.map((box) => box.x > 0)).toEqual([false, true, true]);
    expect(boxes[2]?.y).toBe((boxes[1]?.height ?? 0) + gapFor(310));
  });

  it('never overlaps and never leaves the grid', () => {
    const shapes = Array.from({ length: 200 }, (_, index) => ({
      width: 300,
      height: 100 + ((index * 97) % 700),
      captionLines: index % 4,
    }));
    const { boxes, height } = layOutMasonry(shapes, 1200, LINE);
    for (const [index, box] of boxes.entries()) {
      expect(box.x + box.width).toBeLessThanOrEqual(1200.001);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
      for (const other of boxes.slice(0, index)) {
        const apart = other.x !== box.x || other.y + other.height <= box.y || box.y + box.height <= other.y;
        expect(apart).toBe(true);
      }
    }
  });

  it('moves nothing when tiles are added at the end', () => {
    const shapes = Array.from({ length: 30 }, (_, index) => ({ ...square, height: 60 + index * 7 }));
    const before = layOutMasonry(shapes.slice(0, 20), 900, LINE).boxes;
    expect(layOutMasonry(shapes, 900, LINE).boxes.slice(0, 20)).toEqual(before);
  });

  it('keeps banners visible and long strips short', () => {
    const { boxes } = layOutMasonry(
      [
        { width: 4000, height: 100, captionLines: 0 },
        { width: 100, height: 9000, captionLines: 0 },
      ],
      408,
      LINE,
    );
    expect(boxes.map((box) => box.height)).toEqual([80, 400]);
  });

  it('makes room for the words under a picture', () => {
    const [bare, titled] = layOutMasonry([square, { ...square, captionLines: 1 }], 408, LINE).boxes;
    expect((titled?.height ?? 0) - (bare?.height ?? 0)).toBe(30);
  });

  it('is empty without tiles', () => {
    expect(layOutMasonry([], 400, LINE)).toMatchObject({ boxes: [], height: 0 });
  });
});

describe('within', () => {
  it('finds what touches a stretch, also partly', () => {
    const { boxes } = layOutMasonry(
      Array.from({ length: 40 }, () => square),
      408,
      LINE,
    );
    const step = 200 + gapFor(408);
    expect(boxesBetween(boxes, step, step + 1)).toEqual([2, 3]);
    expect(boxesBetween(boxes, step - 20, step + 1)).toEqual([0, 1, 2, 3]);
  });
});

describe('neighbour', () => {
  it('walks up and down a column and stops at its ends', () => {
    const { boxes } = layOutMasonry([square, square, square, square], 408, LINE);
    expect(tileAboveOrBelow(boxes, 0, 'down')).toBe(2);
    expect(tileAboveOrBelow(boxes, 3, 'up')).toBe(1);
    expect(tileAboveOrBelow(boxes, 1, 'up')).toBeUndefined();
    expect(tileAboveOrBelow(boxes, 2, 'down')).toBeUndefined();
  });
});
