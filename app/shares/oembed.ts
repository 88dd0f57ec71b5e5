import { html as markup } from 'hono/html';
import { galleryCard, itemCard, SITE_NAME, type Card } from './card-tags.ts';
import type { Size } from '../media/shape.shared.ts';
import type { OembedAnswer, OembedQuery } from './oembed.schema.ts';
import type { ShownFile, ShownItem, ShownShare } from './page.view.ts';
import { SHARE_CODE } from './shares.schema.ts';
import type { PageTexts } from '../i18n/page-texts.ts';

/** A consumer keeps an answer this long, so that an ended share disappears soon. */
const CACHE_SECONDS = 300;

/** The share page that an address names. */
export interface SharePageAddress {
  code: string;
  /** Place of an item of a gallery; `null`: the page of the share. */
  position: number | null;
}

/**
 * Returns the share page that a full address names; `null` for any other page and any other site.
 *
 * @param site full address of this site. Only the host counts: behind a proxy the scheme can
 *   differ.
 */
export function sharePageOf(address: string, site: string): SharePageAddress | null {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol) || url.host !== URL.parse(site)?.host) return null;
  const [, code = '', position] = /^\/s\/([^/]+)(?:\/(\d{1,9}))?\/?$/.exec(url.pathname) ?? [];
  if (!SHARE_CODE.test(code)) return null;
  return { code, position: position === undefined ? null : Number(position) };
}

/**
 * Describes a share page for oEmbed: a video or an animation as a player, pictures and galleries as
 * a photo. A photo that exceeds the limits becomes HTML. `null` if the share has no item at this
 * place.
 */
export async function oembedOf(
  share: ShownShare,
  position: number | null,
  limits: Pick<OembedQuery, 'maxwidth' | 'maxheight'>,
  words: PageTexts,
): Promise<OembedAnswer | null> {
  const item = position === null ? null : share.items.find((one) => one.position === position);
  if (item === undefined) return null;
  const [only, second] = share.items;
  const shown = item ?? (second === undefined ? only : null);
  const url = item ? `${share.url}/${item.position}` : share.url;
  const card = shown ? itemCard(shown, url) : galleryCard(share, words);
  const within = (size: Size) => fit(size, limits);
  const common = {
    version: '1.0',
    title: card.title,
    ...(share.sharedBy !== null && { author_name: share.sharedBy }),
    provider_name: SITE_NAME,
    provider_url: share.site,
    cache_age: CACHE_SECONDS,
    ...thumbnailOf(card, limits),
  } as const;
  if (shown && card.video)
    return { ...common, type: 'video', ...within(shown), html: await player(shown, card, within(shown)) };
  const { image } = card;
  if (!image) return { ...common, type: 'link' };
  const size = within(image);
  // The size of a photo is that of its file. A smaller one is an element that shows it smaller.
  if (size.width < image.width || size.height < image.height)
    return { ...common, type: 'rich', html: await scaled(card, image, size), ...size };
  return { ...common, type: 'photo', url: image.url, ...size };
}

/** The picture of a card at another size. */
async function scaled(card: Card, image: ShownFile, { width, height }: Size): Promise<string> {
  const element = markup`<a href="${card.url}"><img src="${image.url}" alt="${card.alt}" width="${width}" height="${height}"></a>`;
  return String(await element);
}

/** A thumbnail may not exceed the limits, and there is one size only. */
function thumbnailOf({ image }: Card, limits: Pick<OembedQuery, 'maxwidth' | 'maxheight'>) {
  if (!image || fit(image, limits).width < image.width) return {};
  return { thumbnail_url: image.url, thumbnail_width: image.width, thumbnail_height: image.height };
}

/**
 * Returns the largest size within the limits that has the proportions of `size`; never a larger
 * one.
 */
function fit(
  { width, height }: Size,
  { maxwidth = Infinity, maxheight = Infinity }: Pick<OembedQuery, 'maxwidth' | 'maxheight'>,
): Size {
  const scale = Math.min(1, maxwidth / width, maxheight / height);
  const side = (pixels: number) => Math.max(1, Math.floor(pixels * scale));
  return { width: side(width), height: side(height) };
}

/** A player without a frame: our pages may not be framed. */
async function player(item: ShownItem, { video }: Card, { width, height }: Size): Promise<string> {
  const poster = item.still === null ? '' : markup` poster="${item.still}"`;
  const mode =
    item.kind === 'video' ? markup` controls preload="metadata"` : markup` autoplay loop muted controls`;
  const element = markup`<video src="${video?.url}"${poster}${mode} playsinline width="${width}" height="${height}"></video>`;
  return String(await element);
}
