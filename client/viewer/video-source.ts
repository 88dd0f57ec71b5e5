import type { MediaItem } from '../../app/media/media.schema.ts';

/**
 * What of a video to play: the version made for every browser where there is one, else the original, which is tried even
 * when nobody knows whether this browser can. What is playing is not exchanged because something better came.
 *
 * @param refused addresses that this browser could not play
 * @param before what is playing
 * @returns null when nothing is left
 */
export function videoSource(
  item: Pick<MediaItem, 'url' | 'playbackUrl'>,
  refused: ReadonlySet<string>,
  before: string | null,
): string | null {
  const left = [item.playbackUrl, item.url].filter((url) => url !== null && !refused.has(url));
  return left.find((url) => url === before) ?? left[0] ?? null;
}
