import type { MediaKind } from '../media/media.schema.ts';
import { EN_API, FI_API, type ApiTexts } from './api-texts.ts';

/**
 * The texts, in one language, of the pages that the server writes. These are share pages, that of
 * a missing file, and that about the API. The texts of the app itself are in
 * `client/i18n/languages/`.
 */
export interface PageTexts {
  /** `og:locale` */
  locale: string;
  /** Title of an item that has none. */
  untitled: Record<MediaKind, string>;
  /** Title of a gallery of this many items; `kind` if all are of one kind. */
  gallery(count: number, kind: MediaKind | null): string;
  /** Position in a gallery, from 1. */
  position(n: number, count: number): string;
  sharedBy(username: string): string;
  /** Below the first items of a collection that has more. */
  first(count: number, all: number): string;
  download: string;
  openInFolder: string;
  previous: string;
  next: string;
  allItems: string;
  /** Shown instead of an item that is being processed. */
  processing: string;
  /** Shown instead of it when the page has waited for long. */
  stuck: string;
  /** In a gallery, in the place of a thumbnail that is being made. */
  waiting: string;
  /** In a gallery, in the place of a thumbnail that could not be made. */
  noPicture: string;
  /** About copies that outlive the share. */
  copies: string;
  gone: { title: string; text: string };
  missing: { title: string; text: string };
  tooMany: { title: string; text: string };
  failed: { title: string; text: string };
  /** The address of a file that is not here. It does not say whether there ever was one. */
  missingFile: { title: string; text: string };
  /** The page about the API. */
  api: ApiTexts;
}

const en: PageTexts = {
  locale: 'en_US',
  untitled: { image: 'A picture', animation: 'A GIF', video: 'A video' },
  gallery: (count, kind) => {
    const things = { image: 'pictures', animation: 'GIFs', video: 'videos' };
    return `${count} ${kind === null ? 'pictures and videos' : things[kind]}`;
  },
  position: (n, count) => `${n} of ${count}`,
  sharedBy: (username) => `Shared by ${username}`,
  first: (count, all) => `The first ${count} of ${all}`,
  download: 'Download',
  openInFolder: 'Open in the folder',
  previous: 'Previous',
  next: 'Next',
  allItems: 'Show all',
  processing: 'This is still being processed. The page shows it as soon as it is ready.',
  stuck: 'This is still being processed. Load the page again later.',
  waiting: 'Being processed',
  noPicture: 'No preview',
  copies:
    'Anybody with this link sees this page until the link ends. Chats, browsers and other caches may keep a copy after that.',
  gone: {
    title: 'This link has ended',
    text: 'Its owner ended it, its time is over, or its contents were deleted. Ask for a new link.',
  },
  missing: {
    title: 'There is nothing here',
    text: 'Check that the link is whole: a character may be missing at its end.',
  },
  tooMany: {
    title: 'Too many attempts',
    text: 'Many wrong links were opened from your network. Try again in a moment.',
  },
  failed: {
    title: 'This does not work just now',
    text: 'The fault is ours, not that of the link. Try again in a moment.',
  },
  missingFile: {
    title: 'There is no file here',
    text: 'It was deleted, its address has changed, or the address is incomplete. Ask the person who sent it for a new link.',
  },
  api: EN_API,
};

const fi: PageTexts = {
  locale: 'fi_FI',
  untitled: { image: 'Kuva', animation: 'GIF', video: 'Video' },
  gallery: (count, kind) => {
    const things = { image: 'kuvaa', animation: 'GIFiä', video: 'videota' };
    return `${count} ${kind === null ? 'kuvaa ja videota' : things[kind]}`;
  },
  position: (n, count) => `${n}/${count}`,
  sharedBy: (username) => `Jakanut ${username}`,
  first: (count, all) => `Ensimmäiset ${count}, yhteensä ${all}`,
  download: 'Lataa',
  openInFolder: 'Avaa kansiossa',
  previous: 'Edellinen',
  next: 'Seuraava',
  allItems: 'Näytä kaikki',
  processing: 'Tätä käsitellään vielä. Sivu näyttää sen heti, kun se on valmis.',
  stuck: 'Tätä käsitellään vielä. Lataa sivu myöhemmin uudelleen.',
  waiting: 'Käsitellään',
  noPicture: 'Ei esikatselua',
  copies:
    'Jokainen, jolla on tämä linkki, näkee sivun, kunnes linkki päättyy. Keskusteluihin, selaimiin ja muihin välimuisteihin voi jäädä kopio senkin jälkeen.',
  gone: {
    title: 'Tämä linkki on päättynyt',
    text: 'Jakaja lopetti sen, sen aika on kulunut tai sen sisältö on poistettu. Pyydä uusi linkki.',
  },
  missing: {
    title: 'Täällä ei ole mitään',
    text: 'Tarkista, että linkki on kokonainen: lopusta voi puuttua merkki.',
  },
  tooMany: {
    title: 'Liian monta yritystä',
    text: 'Verkostasi on avattu monta väärää linkkiä. Yritä hetken päästä uudelleen.',
  },
  failed: {
    title: 'Tämä ei onnistu juuri nyt',
    text: 'Vika on meidän eikä linkin. Yritä hetken päästä uudelleen.',
  },
  missingFile: {
    title: 'Täällä ei ole tiedostoa',
    text: 'Se on poistettu, sen osoite on vaihtunut, tai osoite on vajaa. Pyydä uusi linkki siltä, joka lähetti sen.',
  },
  api: FI_API,
};

/** The texts by language (ISO 639-1). The client has the same languages; a test compares them. */
export const PAGE_TEXTS = { en, fi } as const satisfies Record<string, PageTexts>;
export type PageLanguage = keyof typeof PAGE_TEXTS;

const isPageLanguage = (code: string): code is PageLanguage => Object.hasOwn(PAGE_TEXTS, code);

/**
 * Returns the language that an `Accept-Language` header prefers (RFC 9110 §12.5.4); English without
 * one of ours.
 *
 * @example
 * languageOf('de, fi-FI;q=0.8, en;q=0.5'); // 'fi'
 */
export function languageOf(header: string | undefined): PageLanguage {
  const ranked = (header ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().split(';');
      const quality = /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(parameters.join(';'))?.[1];
      return {
        code: tag.trim().split('-')[0]?.toLowerCase() ?? '',
        quality: quality === undefined ? 1 : Number(quality),
      };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  return ranked.map(({ code }) => code).find(isPageLanguage) ?? 'en';
}
