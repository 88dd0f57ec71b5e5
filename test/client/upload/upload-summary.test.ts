import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../client/api/errors.ts';
import { EMPTY_METADATA } from '../../../client/upload/metadata.ts';
import { inDisplayOrder, visibleRows, summarize } from '../../../client/upload/upload-summary.ts';
import type { Upload, UploadStatus } from '../../../client/upload/upload.model.ts';
import { item } from '../support/items.ts';

const upload = (id: number, size: number, status: UploadStatus): Upload => ({
  id,
  file: null,
  name: `${id}.png`,
  size: () => size,
  fetch: () => null,
  status: () => status,
  metadata: () => EMPTY_METADATA,
  metadataError: () => null,
  looksLike: () => false,
});
const broken: UploadStatus = { is: 'failed', error: new ApiError('broken_file') };

describe('summarize', () => {
  it('counts bytes of what goes in, and files by where they stand', () => {
    const summary = summarize([
      upload(1, 100, { is: 'done', item: item(1) }),
      upload(2, 100, { is: 'sending', sent: 50 }),
      upload(3, 9999, broken),
      upload(4, 9999, { is: 'cancelled' }),
    ]);
    expect(summary).toEqual({
      files: 2,
      active: 1,
      waiting: 0,
      done: 1,
      failed: 1,
      retryable: 0,
      notable: 2,
      sent: 150,
      total: 200,
      progress: 0.75,
    });
  });

  it('is at zero for empty files', () => {
    expect(summarize([upload(1, 0, { is: 'queued' })]).progress).toBe(0);
  });
});

describe('rowsInSight', () => {
  it('draws what is in sight and four rows around, of two hundred', () => {
    expect(visibleRows(0, 300, 60, 200)).toEqual({ first: 0, last: 9 });
    expect(visibleRows(6000, 300, 60, 200)).toEqual({ first: 96, last: 109 });
    expect(visibleRows(11_700, 300, 60, 200)).toEqual({ first: 191, last: 200 });
  });

  it('holds when the list has become shorter than it is scrolled', () => {
    expect(visibleRows(9000, 300, 60, 3)).toEqual({ first: 0, last: 3 });
  });
});

describe('inOrder', () => {
  const mixed = [
    upload(1, 1, { is: 'done', item: item(1) }),
    upload(2, 1, broken),
    upload(3, 1, { is: 'cancelled' }),
  ];

  it('moves nothing while something is on its way', () => {
    const uploads = [...mixed, upload(4, 1, { is: 'queued' })];
    expect(inDisplayOrder(uploads)).toBe(uploads);
  });

  it('puts what did not go in first when all is through', () => {
    expect(inDisplayOrder(mixed).map(({ id }) => id)).toEqual([2, 1, 3]);
  });
});
