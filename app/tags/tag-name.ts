/** Longest name of a tag, in code points. */
export const MAX_TAG = 30;

/**
 * The one spelling of a tag: NFKC, lower case, spaces become hyphens, without what cannot be seen or would read as
 * syntax (# , "). `null` when nothing is left or it is too long.
 */
export function normalizeTag(text: string): string | null {
  const name = text
    .toWellFormed()
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFFFD#,"]/gu, (c) => (/\s/.test(c) ? ' ' : ''))
    .trim()
    .replace(/\s+/g, '-');
  const length = Array.from(name).length;
  return length >= 1 && length <= MAX_TAG && /[^-]/.test(name) ? name : null;
}
