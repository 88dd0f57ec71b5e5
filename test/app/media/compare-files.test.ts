import { expect, it } from 'vitest';
import { compareFiles } from '../../../app/media/duplicates/compare-files.shared.ts';

const file = (kind: string, mime: string, side: number, byteSize = 1000) => ({
  kind,
  mime,
  width: side,
  height: side,
  byteSize,
});

it('orders files by motion, pixels, format and bytes', () => {
  const bestFirst = [
    file('video', 'video/mp4', 200),
    file('animation', 'image/webp', 100),
    file('animation', 'image/gif', 100),
    file('image', 'image/jpeg', 300),
    file('image', 'image/png', 200),
    file('image', 'image/avif', 200),
    file('image', 'image/webp', 200),
    file('image', 'image/jpeg', 200, 2000),
    file('image', 'image/jpeg', 200, 1000),
    file('image', 'image/gif', 200),
    file('image', 'image/of-the-future', 200, 9000),
  ];
  expect(bestFirst.toReversed().toSorted(compareFiles)).toEqual(bestFirst);
  for (const one of bestFirst) expect(compareFiles(one, { ...one })).toBe(0);
});
