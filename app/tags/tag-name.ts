import { mapAroundEmoji, qualifyEmoji, showsAsEmoji, withoutSelectors } from '../util/emoji.shared.ts';
import { MAX_TAG_CODE_POINTS } from './tags.limits.ts';

/**
 * Normalises a tag name; `null` if nothing is left or it is too long.
 *
 * Applies NFKC and lower case, turns spaces into hyphens and typographic apostrophes into `'`, and
 * fully qualifies emoji. Drops invisible characters and the syntax characters `#` `,` `"`. A name
 * too long with variation selectors loses them.
 *
 * @example
 * normalizeTag('Hyvä  Huumori'); // 'hyvä-huumori'
 */
export const normalizeTag = (text: string): string | null => nameKey(text, MAX_TAG_CODE_POINTS);

/** As {@link normalizeTag}, for another length in code points. */
export function nameKey(text: string, max: number): string | null {
  const wellFormed = text.toWellFormed();
  const name = spelling(wellFormed, qualifyEmoji);
  if (isName(name, max)) return name;
  const shorter = spelling(withoutSelectors(wellFormed), (emoji) => emoji);
  return isName(shorter, max) ? shorter : null;
}

function isName(name: string, max: number): boolean {
  const length = Array.from(name).length;
  return length >= 1 && length <= max && /[^-]/.test(name);
}

const spelling = (text: string, emojiSpelling: (emoji: string) => string): string =>
  mapAroundEmoji(text, plainText, (emoji) =>
    // NFKC turns some emoji into letters: ™ becomes tm, unless it is written as an emoji.
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
