import { mapAroundEmoji, qualifyEmoji, showsAsEmoji, withoutSelectors } from '../util/emoji.ts';

/** Longest name of a tag, in code points. */
export const MAX_TAG = 30;

/**
 * The one spelling of a tag: NFKC, lower case, spaces become hyphens, typographic apostrophes become `'`, emoji are fully
 * qualified; without what cannot be seen or would read as syntax (# , "). A name that is too long with variation selectors
 * goes without them. `null` when nothing is left or it is too long.
 */
export function normalizeTag(text: string): string | null {
  const wellFormed = text.toWellFormed();
  const name = spelling(wellFormed, qualifyEmoji);
  if (isTagName(name)) return name;
  const shorter = spelling(withoutSelectors(wellFormed), (emoji) => emoji);
  return isTagName(shorter) ? shorter : null;
}

function isTagName(name: string): boolean {
  const length = Array.from(name).length;
  return length >= 1 && length <= MAX_TAG && /[^-]/.test(name);
}

const spelling = (text: string, emojiSpelling: (emoji: string) => string): string =>
  mapAroundEmoji(text, plainText, (emoji) =>
    // NFKC makes letters of some: ™ is tm, unless it is written as an emoji.
    emoji.normalize('NFKC') === emoji || showsAsEmoji(emoji) ? emojiSpelling(emoji) : plainText(emoji),
  )
    .trim()
    .replace(/\s+/g, '-');

const plainText = (text: string): string =>
  withoutSelectors(text)
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\u2018\u2019\u02BC\u2032]/g, "'")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFFFD#,"]/gu, (c) => (/\s/.test(c) ? ' ' : ''));
