import { expect, it } from 'vitest';
import { archiveSize, LARGE_ARCHIVE_BYTES } from '../../../client/grid/archive-size.ts';

it('an archive has the size of its files, and says when that takes long', () => {
  const half = { byteSize: LARGE_ARCHIVE_BYTES / 2 };
  expect(archiveSize([])).toEqual({ bytes: 0, isLarge: false });
  expect(archiveSize([half, half])).toEqual({ bytes: LARGE_ARCHIVE_BYTES, isLarge: false });
  expect(archiveSize([half, half, { byteSize: 1 }])).toEqual({
    bytes: LARGE_ARCHIVE_BYTES + 1,
    isLarge: true,
  });
});
