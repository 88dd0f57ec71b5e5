import { rgbaToThumbHash } from 'thumbhash';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { doWithout, placeholderOf } from '../../../client/library/thumbhash.ts';

/** The hash of a small picture of one grey, as the server sends it. */
const hashOf = (grey: number) => {
  const pixels = Uint8Array.from({ length: 16 * 4 }, (_, i) => (i % 4 === 3 ? 255 : grey));
  return Buffer.from(rgbaToThumbHash(4, 4, pixels)).toString('base64');
};
const MADE = /^url\(data:image\/png;base64,[\w+/=]+\)$/;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Lets the maker load, wait and work. */
const pass = async (ms: number) => {
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(ms);
};

it('is made a moment later, once', async () => {
  const hash = hashOf(40);
  expect(placeholderOf(hash)).toBe('none');
  await pass(50);
  expect(placeholderOf(hash)).toBe('none');
  await pass(200);
  const made = placeholderOf(hash);
  expect(made).toMatch(MADE);
  expect(placeholderOf(hash)).toBe(made);
});

it('is not made for a picture that came meanwhile, but when it is asked for again', async () => {
  const [came, missing] = [hashOf(90), hashOf(160)];
  placeholderOf(came);
  placeholderOf(missing);
  doWithout(came);
  await pass(200);
  expect(placeholderOf(missing)).toMatch(MADE);
  expect(placeholderOf(came)).toBe('none');
  await pass(200);
  expect(placeholderOf(came)).toMatch(MADE);
});

it('stays when it was made before the picture came', async () => {
  const hash = hashOf(220);
  placeholderOf(hash);
  await pass(200);
  doWithout(hash);
  expect(placeholderOf(hash)).toMatch(MADE);
});

it('is none without a hash', () => {
  expect(placeholderOf(null)).toBe('none');
  expect(() => doWithout(null)).not.toThrow();
});
