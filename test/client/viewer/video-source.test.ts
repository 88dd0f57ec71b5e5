import { expect, it } from 'vitest';
import { videoSource } from '../../../client/viewer/video-source.ts';

const none = new Set<string>();
const made = { url: '/original.mov', playbackUrl: '/played.mp4' };
const unmade = { url: '/original.mov', playbackUrl: null };

it('plays the version made for every browser, else the original', () => {
  expect(videoSource(made, none, null)).toBe('/played.mp4');
  expect(videoSource(unmade, none, null)).toBe('/original.mov');
});

it('does not interrupt what plays because a better one came', () => {
  expect(videoSource(made, none, '/original.mov')).toBe('/original.mov');
});

it('exchanges what the browser refused, and has nothing when it refused all', () => {
  expect(videoSource(made, new Set(['/original.mov']), '/original.mov')).toBe('/played.mp4');
  expect(videoSource(made, new Set(['/played.mp4']), '/played.mp4')).toBe('/original.mov');
  expect(videoSource(unmade, new Set(['/original.mov']), '/original.mov')).toBeNull();
});

it('takes nothing of another video along', () => {
  expect(videoSource(made, none, '/other.mp4')).toBe('/played.mp4');
});
