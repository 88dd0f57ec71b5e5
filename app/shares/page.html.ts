// Under another name, because the formatter would add white space to the pages.
import { html as markup, raw } from 'hono/html';
import { altOf, cardTags, cardTitle, galleryCard, itemCard, SITE_NAME, type Card } from './card-tags.ts';
import { SHARE_CSS } from './page.css.ts';
import { isTall, thumbPart } from '../media/shape.shared.ts';
import { galleryTitle, type ShownItem, type ShownShare } from './page.view.ts';
import { nextReload, type Reload } from './reload.ts';
import { PAGE_TEXTS, type PageLanguage, type PageTexts } from '../i18n/page-texts.ts';

/** A rendered page or part of one; every text put into it is escaped. */
export type Html = ReturnType<typeof markup>;

/** The first pictures of a gallery load at once, the others when they are scrolled to. */
const EAGER_THUMBNAILS = 8;

/** Title and text of a page without a share. */
export type Notice = 'gone' | 'missing' | 'tooMany' | 'failed';

/** The page says nothing of a share, so that an ended one reveals nothing. */
export function noticePage(notice: Notice, language: PageLanguage): Html {
  const { title, text } = PAGE_TEXTS[language][notice];
  return layout({ language, title, body: markup`<main><h1>${title}</h1><p>${text}</p></main>` });
}

/** The visitor of a page. */
export interface Reader {
  language: PageLanguage;
  /** How often the page has loaded itself again to wait for a job. */
  reloads: number;
}

/**
 * The page of one item: of a share of one, or of a gallery.
 *
 * @param at index of the item among those of the share
 */
export function itemPage(share: ShownShare, at: number, { language, reloads }: Reader): Html {
  const words = PAGE_TEXTS[language];
  const item = share.items[at];
  if (!item) return noticePage('gone', language);
  const gallery = share.items.length > 1;
  const url = gallery ? `${share.url}/${item.position}` : share.url;
  const reload = item.file === null ? nextReload(url, reloads) : null;
  const openInFolder = share.signedIn
    ? markup`<a href="${share.site}/m/${item.id}">${words.openInFolder}</a>`
    : '';
  return layout({
    language,
    title: cardTitle(item),
    card: itemCard(item, url),
    site: share.site,
    reload,
    body: markup`<main>
<h1>${item.title}</h1>
${sharer(share, words)}<figure>${shownMedia(item, reload ? words.processing : words.stuck)}</figure>
<div class="actions"><a class="main" href="${item.download}" download>${words.download}</a>${openInFolder}</div>
${gallery ? neighbours(share, at, words) : ''}</main>
<footer class="soft">${words.copies}</footer>`,
  });
}

/** The page of several items. */
export function galleryPage(share: ShownShare, { language, reloads }: Reader): Html {
  const words = PAGE_TEXTS[language];
  // A thumbnail that could not be made comes no more.
  const waits = share.items.some(({ still, pending }) => still === null && pending);
  const title = galleryTitle(share, words);
  return layout({
    language,
    title,
    card: galleryCard(share, words),
    site: share.site,
    reload: waits ? nextReload(share.url, reloads) : null,
    body: markup`<main>
<h1>${title}</h1>
${sharer(share, words)}<ul>
${share.items.map(
  (item, i) =>
    markup`<li><a href="${share.url}/${item.position}">${thumbnail(item, i, words)}<span>${item.title}</span></a></li>
`,
)}</ul>
${rest(share, words)}</main>
<footer class="soft">${words.copies}</footer>`,
  });
}

/** Says how many items a collection has, if the page has not room for all. */
const rest = ({ items, total }: ShownShare, words: PageTexts): Html | '' =>
  total === null
    ? ''
    : markup`<p class="soft">${words.first(items.length, total)}</p>
`;

function thumbnail(item: ShownItem, i: number, words: PageTexts): Html {
  if (item.still === null)
    return markup`<div class="none soft">${item.pending ? words.waiting : words.noPicture}</div>`;
  // The link has the title as its text.
  const loading = i < EAGER_THUMBNAILS ? '' : raw(' loading="lazy"');
  return markup`<img src="${item.still}" alt="" width="400" height="400"${loading}>`;
}

const sharer = (share: ShownShare, words: PageTexts): Html | '' =>
  share.sharedBy === null
    ? ''
    : markup`<p class="soft">${words.sharedBy(share.sharedBy)}</p>
`;

/** The picture or player; a still and the sentence `wait` while a video is being processed. */
function shownMedia(item: ShownItem, wait: string): Html {
  const { width, height, still } = item;
  // Shown at its full height, or nobody could read it.
  const shape = isTall(item) ? raw(' class="tall"') : '';
  const alt = altOf(item);
  const size = markup` width="${width}" height="${height}"${shape}`;
  const picture = (src: string) => markup`<img src="${src}" alt="${alt}"${size}>`;
  if (item.file === null) {
    const poster = still === null ? '' : picture(still);
    return markup`${poster}<figcaption role="status">${wait}</figcaption>`;
  }
  if (item.kind === 'video') {
    const poster = still === null ? '' : markup` poster="${still}"`;
    return markup`<video src="${item.file}"${poster} controls playsinline preload="metadata" aria-label="${alt}"${size}></video>`;
  }
  if (item.kind === 'image' || still === null) return picture(item.file);
  // An animation that nobody can pause stands still for those who ask for that. Its sharing picture
  // is whole, a thumbnail may be a part of it.
  const part = thumbPart(item);
  const isWhole = part.width === width && part.height === height;
  const whole = isWhole ? still : (item.card?.url ?? still);
  return markup`<picture><source media="(prefers-reduced-motion: reduce)" srcset="${whole}">${picture(item.file)}</picture>`;
}

function neighbours(share: ShownShare, at: number, words: PageTexts): Html {
  const link = (item: ShownItem | undefined, name: string, rel: string) =>
    item ? markup`<a href="${share.url}/${item.position}" rel="${rel}">${name}</a>` : '';
  const [before, after] = [share.items[at - 1], share.items[at + 1]];
  return markup`<nav>${link(before, words.previous, 'prev')}<a href="${share.url}">${words.allItems}</a>${link(after, words.next, 'next')}<span class="soft">${words.position(at + 1, share.items.length)}</span></nav>
`;
}

interface Layout {
  language: PageLanguage;
  title: string;
  body: Html;
  card?: Card;
  /** Full address of the site; icons and the oEmbed endpoint are there. */
  site?: string;
  /** The page waits for a job. */
  reload?: Reload | null;
}

function layout({ language, title, body, card, site = '', reload = null }: Layout): Html {
  const tags = card ? cardTags(card, PAGE_TEXTS[language]) : [];
  const oembed = card
    ? markup`<link rel="canonical" href="${card.url}">
<link rel="alternate" type="application/json+oembed" href="${site}/api/oembed?format=json&amp;url=${encodeURIComponent(card.url)}" title="${card.title}">
`
    : '';
  const refresh =
    reload === null
      ? ''
      : markup`<meta http-equiv="refresh" content="${reload.seconds};url=${reload.url}">
`;
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${title} · ${SITE_NAME}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refresh}<meta name="theme-color" media="(prefers-color-scheme: light)" content="#f8f7f3">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#12121a">
<link rel="icon" href="${site}/icon.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="${site}/apple-touch-icon.png">
${tags.map(
  ([attribute, name, content]) => markup`<meta ${raw(attribute)}="${name}" content="${content}">
`,
)}${oembed}<style>${raw(SHARE_CSS)}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
