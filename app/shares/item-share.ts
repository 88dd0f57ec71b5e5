import type { ItemShare, MediaListItem } from '../media/media.schema.ts';
import { cardSize } from './card-picture.ts';

/**
 * Describes the share link of an item in a list.
 *
 * @param url full address of the share page
 */
export function itemShare(
  item: Pick<MediaListItem, 'kind' | 'posterUrl' | 'width' | 'height'>,
  url: string,
): ItemShare {
  const drawable = item.kind !== 'video' || item.posterUrl !== null;
  return { url, preview: drawable ? { url: `${url}/card.jpg`, ...cardSize(item) } : null };
}
