import { cutToFit, type TextLimits } from './cut-text.ts';
import { galleryTitle, type ShownFile, type ShownItem, type ShownShare } from './page.view.ts';
import type { PageTexts } from '../i18n/page-texts.ts';

/** One `<meta>`: the attribute that names it, its name, its content. */
export type MetaTag = readonly [attribute: 'property' | 'name', name: string, content: string];

// A page of one item takes at most 10 kB, whatever its texts are. It has the title of the card four
// times, the description and the alternative text twice.
const DESCRIPTION: TextLimits = { characters: 200, bytes: 480 };
const CARD_ALT: TextLimits = { characters: 120, bytes: 240 };
const TITLE: TextLimits = { characters: 100, bytes: 240 };
/** The limit of X for `twitter:image:alt` is 420 characters, too. */
const ALT: TextLimits = { characters: 420, bytes: 600 };

export const SITE_NAME = 'meemikansio';

/** The data of a card: of one item, or of a gallery. */
export interface Card {
  url: string;
  title: string;
  /** Empty: the card has none. */
  description: string;
  alt: string;
  image: ShownFile | null;
  video: ShownItem['clip'];
}

/** Describes the card of one item. `url`: full address of its page. */
export const itemCard = (item: ShownItem, url: string): Card => ({
  url,
  title: cardTitle(item),
  description: cutToFit(item.text, DESCRIPTION),
  alt: cutToFit(item.text || item.title, CARD_ALT),
  image: item.card,
  video: item.clip,
});

/** Describes the card of a gallery by its first titles and texts. */
export function galleryCard(share: ShownShare, words: PageTexts): Card {
  const title = galleryTitle(share, words);
  const untitled = new Set(Object.values(words.untitled));
  const names = share.items.map((item) => (untitled.has(item.title) ? item.text : item.title));
  const description = names.filter((name) => name !== '').join(' · ');
  return {
    url: share.url,
    title,
    description: cutToFit(description, DESCRIPTION),
    alt: title,
    image: share.card,
    video: null,
  };
}

/** Returns the title of an item in places that show a short one: cards, tabs. */
export const cardTitle = (item: ShownItem): string => cutToFit(item.title, TITLE);

/** Returns the alternative text of an item: the text in the picture, else its title. */
export const altOf = (item: ShownItem): string => cutToFit(item.text || item.title, ALT);

/**
 * Returns the tags of a card: Open Graph (https://ogp.me) and X
 * (https://developer.x.com/en/docs/x-for-websites/cards).
 */
export function cardTags(card: Card, words: PageTexts): MetaTag[] {
  const { image, video } = card;
  const described: MetaTag[] =
    card.description === ''
      ? []
      : [
          ['property', 'og:description', card.description],
          ['name', 'twitter:description', card.description],
        ];
  const pictured: MetaTag[] =
    image === null
      ? [['name', 'twitter:card', 'summary']]
      : [
          ['property', 'og:image', image.url],
          ['property', 'og:image:type', 'image/jpeg'],
          ['property', 'og:image:width', String(image.width)],
          ['property', 'og:image:height', String(image.height)],
          ['property', 'og:image:alt', card.alt],
          ['name', 'twitter:card', 'summary_large_image'],
          ['name', 'twitter:image', image.url],
          ['name', 'twitter:image:alt', card.alt],
        ];
  const filmed: MetaTag[] =
    video === null
      ? []
      : [
          ['property', 'og:video', video.url],
          ...(video.url.startsWith('https:')
            ? [['property', 'og:video:secure_url', video.url] satisfies MetaTag]
            : []),
          ['property', 'og:video:type', video.type],
          ['property', 'og:video:width', String(video.width)],
          ['property', 'og:video:height', String(video.height)],
        ];
  return [
    ['property', 'og:site_name', SITE_NAME],
    ['property', 'og:type', video === null ? 'website' : 'video.other'],
    ['property', 'og:url', card.url],
    ['property', 'og:locale', words.locale],
    ['property', 'og:title', card.title],
    ['name', 'twitter:title', card.title],
    ...described,
    ...pictured,
    ...filmed,
  ];
}
