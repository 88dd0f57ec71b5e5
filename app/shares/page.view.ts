import { contentTypeOf } from '../storage/content-types.ts';
import { mediaKind, type MediaKind } from '../media/media.schema.ts';
import type { Size } from '../media/shape.shared.ts';
import { cardSize, GALLERY_CARD } from './card-picture.ts';
import { stillKey, type ShareItemRow, type SharePageRow } from './page.repository.ts';
import type { PageTexts } from '../i18n/page-texts.ts';

/** A file of a share page: its full address, and its size in pixels. */
export interface ShownFile extends Size {
  url: string;
}

/** One item as a share page shows it. */
export interface ShownItem extends Size {
  id: string;
  /** Place in the share; part of the addresses of the item's files. */
  position: number;
  kind: MediaKind;
  title: string;
  /** The text in the picture; empty without one. */
  text: string;
  /** A still, before the file is ready; `null` before it is made. */
  still: string | null;
  /** Whether the still or the version for all browsers is still being made. */
  pending: boolean;
  /** The file to show; `null` while a video is being processed. */
  file: string | null;
  /** A clip for cards: the video, or the preview of an animation. */
  clip: (ShownFile & { type: string }) | null;
  download: string;
  /** The sharing picture; `null` before it can be made. */
  card: ShownFile | null;
}

/** A share as its page shows it. Addresses are full. */
export interface ShownShare {
  url: string;
  /** Name of the user who shares, if that was chosen. */
  sharedBy: string | null;
  /** Name of the collection; null for chosen items. */
  collection: string | null;
  /** Number of the items of the collection, if the page has not room for all. */
  total: number | null;
  items: ShownItem[];
  /** The sharing picture of a gallery. */
  card: ShownFile | null;
  signedIn: boolean;
  /** Full address of the site, without a slash at its end. */
  site: string;
}

/** Long side of an animation's preview (app/media/stages/preview.stage.ts). */
const PREVIEW_SIDE_PIXELS = 400;

/**
 * Tells which object an item shows: the version of a video that plays everywhere, otherwise the
 * original.
 */
export const shownKey = (item: Pick<ShareItemRow, 'object_key' | 'playback_key'>): string =>
  item.playback_key ?? item.object_key;

/** A video is shown when its version for all browsers is made, or when that has failed. */
const isPending = (item: Pick<ShareItemRow, 'kind' | 'rendering'>): boolean =>
  item.kind === 'video' && item.rendering;

/** Describes a share for its page, in the words of a language. `site`: full address of the site. */
export function shownShare(row: SharePageRow, site: string, words: PageTexts): ShownShare {
  const url = `${site}/s/${row.code}`;
  const items = row.items.map((item) => shownItem(item, url, row.items.length > 1, words));
  return {
    url,
    site,
    items,
    sharedBy: row.show_sharer ? row.owner_name : null,
    collection: row.collection_name,
    total: row.collection_items > items.length ? row.collection_items : null,
    signedIn: row.signed_in,
    card: row.items.some((item) => stillKey(item) !== null)
      ? { url: `${url}/card.jpg`, ...GALLERY_CARD }
      : null,
  };
}

function shownItem(item: ShareItemRow, url: string, gallery: boolean, words: PageTexts): ShownItem {
  const { position, width, height } = item;
  const kind = mediaKind.parse(item.kind);
  const pending = isPending(item);
  const drawable = kind !== 'video' || item.poster_key !== null;
  const cardUrl = gallery ? `${url}/${position}/card.jpg` : `${url}/card.jpg`;
  return {
    id: item.id,
    position,
    kind,
    width,
    height,
    title: item.title || words.untitled[kind],
    text: item.text.replaceAll(/\s+/g, ' ').trim(),
    still: stillKey(item) === null ? null : `${url}/poster/${position}`,
    pending: item.rendering,
    file: pending ? null : `${url}/file/${position}`,
    clip: pending ? null : clipOf(item, kind, url),
    download: `${url}/download/${position}`,
    card: drawable ? { url: cardUrl, ...cardSize(item) } : null,
  };
}

function clipOf(item: ShareItemRow, kind: MediaKind, url: string): ShownItem['clip'] {
  const { position, width, height } = item;
  if (kind === 'video')
    return { url: `${url}/file/${position}`, type: contentTypeOf(shownKey(item)), width, height };
  if (kind !== 'animation' || item.preview_key === null) return null;
  const scale = Math.min(1, PREVIEW_SIDE_PIXELS / Math.max(width, height));
  const side = (pixels: number) => Math.max(2, 2 * Math.floor((pixels * scale) / 2));
  return {
    url: `${url}/preview/${position}`,
    type: contentTypeOf(item.preview_key),
    width: side(width),
    height: side(height),
  };
}

/** Returns the title of a gallery: the name of the collection, or what it has. */
export function galleryTitle({ collection, items }: ShownShare, words: PageTexts): string {
  if (collection !== null) return collection;
  const kinds = new Set(items.map(({ kind }) => kind));
  const [only] = kinds;
  return words.gallery(items.length, kinds.size === 1 && only !== undefined ? only : null);
}
