import { expect, it } from 'vitest';
import { filmSource } from '../../../client/viewer/video-source.ts';

const none = new Set<string>();
const made = { url: '/original.mov', playbackUrl: '/played.mp4' };
const unmade = { url: '/original.mov', playbackUrl: null };

it('plays the version made for every browser, else the original', () => {
  expect(filmSource(made, none, null)).toBe('/played.mp4');
  expect(filmSource(unmade, none, null)).toBe('/original.mov');
});

it('does not interrupt what plays because a better one came', () => {
  expect(filmSource(made, none, '/original.mov')).toBe('/original.mov');
});

it('exchanges what the browser refused, and has nothing when it refused all', () => {
  expect(filmSource(made, new Set(['/original.mov']), '/original.mov')).toBe('/played.mp4');
  expect(filmSource(made, new Set(['/played.mp4']), '/played.mp4')).toBe('/original.mov');
  expect(filmSource(unmade, new Set(['/original.mov']), '/original.mov')).toBeNull();
});

it('takes nothing of another video along', () => {
  expect(filmSource(made, none, '/other.mp4')).toBe('/played.mp4');
});
