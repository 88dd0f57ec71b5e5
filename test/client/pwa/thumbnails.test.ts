import { describe, expect, it } from 'vitest';
import { isThumbnail, mayBeKept, readable } from '../../../client/pwa/thumbnails.ts';

const ID = '0b9f5a52-8a3c-4a3f-9d0e-2f6f1c2d3e4f';

describe('a thumbnail', () => {
  it.each([
    ['image', `https://memes.s3.fr-par.scw.cloud/${ID}.webp`, true],
    ['image', `https://meemit.test/api/files/${ID}.webp`, true],
    ['image', `https://meemit.test/api/files/${ID}.jpg`, false],
    ['image', 'https://meemit.test/assets/face.webp', false],
    ['video', `https://meemit.test/api/files/${ID}.webp`, false],
    ['', `https://meemit.test/api/media/${ID}`, false],
  ])('asked for as %s at %s: %s', (destination, url, expected) => {
    expect(isThumbnail(destination, new URL(url))).toBe(expected);
  });

  const answer = (status: number, bytes: number | null, type: ResponseType = 'basic') => ({
    status,
    type,
    headers: new Headers(bytes === null ? {} : { 'content-length': String(bytes) }),
  });

  it.each([
    ['of an ordinary size', answer(200, 40_000), true],
    ['as large as an original', answer(200, 4_000_000), false],
    ['of a size nobody told', answer(200, null), false],
    ['that is empty', answer(200, 0), false],
    ['that is a part', answer(206, 40_000), false],
    ['that is gone', answer(404, 100), false],
    ['that cannot be read', answer(0, null, 'opaque'), false],
  ])('%s is kept: %o', (_name, response, kept) => {
    expect(mayBeKept(response)).toBe(kept);
  });

  it('of another origin is asked for in a form that can be read', () => {
    const elsewhere = new Request(`https://memes.example/${ID}.webp`, { mode: 'no-cors' });
    expect(readable(elsewhere, 'https://meemit.test')).toMatchObject({
      mode: 'cors',
      credentials: 'omit',
      url: elsewhere.url,
    });
    const here = new Request(`https://meemit.test/api/files/${ID}.webp`);
    expect(readable(here, 'https://meemit.test')).toBe(here);
  });
});
