import type { MediaItem } from '../../app/media/media.schema.ts';

/**
 * Picks the URL to play: the compatible version if there is one, else the original. The original is
 * tried even if support is unknown. A playing video is never switched to a better version.
 *
 * @param refused URLs that this browser could not play
 * @param before the URL that is playing
 * @returns null if nothing is left
 */
export function videoSource(
  item: Pick<MediaItem, 'url' | 'playbackUrl'>,
  refused: ReadonlySet<string>,
  before: string | null,
): string | null {
  const left = [item.playbackUrl, item.url].filter((url) => url !== null && !refused.has(url));
  return left.find((url) => url === before) ?? left[0] ?? null;
}
