import { rgbaToThumbHash } from 'thumbhash';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cancelDecode, thumbhashPlaceholder } from '../../../client/library/thumbhash.ts';

/** Returns the hash of a small picture of one grey, as the server sends it. */
const hashOf = (grey: number) => {
  const pixels = Uint8Array.from({ length: 16 * 4 }, (_, i) => (i % 4 === 3 ? 255 : grey));
  return Buffer.from(rgbaToThumbHash(4, 4, pixels)).toString('base64');
};
const MADE = /^url\(data:image\/png;base64,[\w+/=]+\)$/;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Lets the decoder load, wait and work. */
const pass = async (ms: number) => {
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(ms);
};

it('is made a moment later, once', async () => {
  const hash = hashOf(40);
  expect(thumbhashPlaceholder(hash)).toBe('none');
  await pass(50);
  expect(thumbhashPlaceholder(hash)).toBe('none');
  await pass(200);
  const made = thumbhashPlaceholder(hash);
  expect(made).toMatch(MADE);
  expect(thumbhashPlaceholder(hash)).toBe(made);
});

it('is not made for a picture that came meanwhile, but when it is asked for again', async () => {
  const [came, missing] = [hashOf(90), hashOf(160)];
  thumbhashPlaceholder(came);
  thumbhashPlaceholder(missing);
  cancelDecode(came);
  await pass(200);
  expect(thumbhashPlaceholder(missing)).toMatch(MADE);
  expect(thumbhashPlaceholder(came)).toBe('none');
  await pass(200);
  expect(thumbhashPlaceholder(came)).toMatch(MADE);
});

it('stays when it was made before the picture came', async () => {
  const hash = hashOf(220);
  thumbhashPlaceholder(hash);
  await pass(200);
  cancelDecode(hash);
  expect(thumbhashPlaceholder(hash)).toMatch(MADE);
});

it('is none without a hash', () => {
  expect(thumbhashPlaceholder(null)).toBe('none');
  expect(() => cancelDecode(null)).not.toThrow();
});
