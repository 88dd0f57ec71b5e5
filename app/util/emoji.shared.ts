/**
 * Matches one emoji as people see it, by the grammar of UTS #51 §1.4.9. A match is a flag, a
 * keycap, a regional flag in tag characters, or pictographs. Pictographs include their skin tones
 * and variation selectors, joined by ZWJ. The expression is global: use it with matchAll, replace
 * or split only.
 */
export const EMOJI =
  /\p{RI}{2}|[0-9#*]\uFE0F?\u20E3|\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}|\p{ExtPict}[\uFE0E\uFE0F]?\p{EMod}?(?:\u200D\p{ExtPict}[\uFE0E\uFE0F]?\p{EMod}?)*/gu;

/** Emoji that look like text unless U+FE0F follows. A skin tone replaces the selector. */
const TEXT_BY_DEFAULT = /[[\p{Emoji}&&\p{ExtPict}]--\p{EPres}](?!\p{EMod})/gv;
const KEYCAP = /^([0-9#*])(?=\u20E3)/;

export const withoutSelectors = (text: string): string => text.replace(/[\uFE0E\uFE0F]/g, '');

/**
 * Returns the fully qualified spelling (UTS #51, ED-18): U+FE0F exactly where the emoji needs it.
 */
export const qualifyEmoji = (emoji: string): string =>
  withoutSelectors(emoji).replace(TEXT_BY_DEFAULT, '$&\uFE0F').replace(KEYCAP, '$1\uFE0F');

/**
 * Tells whether a match of {@link EMOJI} displays as an emoji: `™` is text, `™️` and `🈚` are
 * emoji.
 */
export const showsAsEmoji = (emoji: string): boolean => /\uFE0F|\p{EPres}|\p{RI}/u.test(emoji);

/** Applies `change` to the text between emoji, and `keep` to each emoji. */
export function mapAroundEmoji(
  text: string,
  change: (text: string) => string,
  keep: (emoji: string) => string = (emoji) => emoji,
): string {
  let result = '';
  let end = 0;
  for (const { index, 0: emoji } of text.matchAll(EMOJI)) {
    result += change(text.slice(end, index)) + keep(emoji);
    end = index + emoji.length;
  }
  return result + change(text.slice(end));
}
