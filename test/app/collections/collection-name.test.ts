import { describe, expect, it } from 'vitest';
import { collectionName } from '../../../app/collections/collection-name.ts';
import { MAX_COLLECTION_NAME_CODE_POINTS } from '../../../app/collections/collections.limits.ts';

describe('collectionName', () => {
  it.each([
    ['Koirat', 'Koirat', 'koirat'],
    ['  Iso   Koira ', 'Iso Koira', 'iso-koira'],
    ['iso-koira', 'iso-koira', 'iso-koira'],
    ['ISO\u00a0KOIRA', 'ISO KOIRA', 'iso-koira'],
    ['A\u0308a\u0308li\u00f6', 'Ääliö', 'ääliö'],
    ['ＡＢＣ', 'ＡＢＣ', 'abc'],
    ['"Parhaat", #1', 'Parhaat, #1', 'parhaat-1'],
    ['ei\u200bnäy\u0000', 'einäy', 'einäy'],
    ['❤', '❤', '❤️'],
    ['日本語', '日本語', '日本語'],
    ['x'.repeat(MAX_COLLECTION_NAME_CODE_POINTS), 'x'.repeat(60), 'x'.repeat(60)],
  ])('reads %j', (typed, name, key) => {
    expect(collectionName(typed)).toEqual({ name, key });
  });

  it.each(['', '   ', '""', '-', '#', '\u200b', 'x'.repeat(MAX_COLLECTION_NAME_CODE_POINTS + 1)])(
    'refuses %j',
    (typed) => {
      expect(collectionName(typed)).toBeNull();
    },
  );
});
