/** Limits of a text in a page. */
export interface TextLimits {
  /** Maximum number of characters, the ellipsis included. */
  characters: number;
  /** Maximum size in HTML: UTF-8, escaped, the ellipsis included. */
  bytes: number;
}

const ELLIPSIS = '…';
const ELLIPSIS_BYTES = Buffer.byteLength(ELLIPSIS);
/** The characters that `html` of Hono escapes, with the size of what it writes. */
const ESCAPED_BYTES: Partial<Record<string, number>> = { '"': 6, "'": 5, '&': 5, '<': 4, '>': 4 };

const bytesInHtml = (character: string): number => ESCAPED_BYTES[character] ?? Buffer.byteLength(character);

/**
 * Shortens a text for a page, by its characters and by its size in HTML. A quotation mark takes 6
 * bytes there. Cuts between words, unless one word fills half of it.
 *
 * @example
 * cutToFit('one does not simply', { characters: 10, bytes: 100 }); // 'one does…'
 */
export function cutToFit(text: string, { characters, bytes }: TextLimits): string {
  let used = 0;
  let count = 0;
  // The number of characters after which the ellipsis still fits.
  let fitting = 0;
  for (const character of text) {
    used += bytesInHtml(character);
    count++;
    if (used > bytes || count > characters) return cutAfter(Array.from(text), fitting);
    if (used + ELLIPSIS_BYTES <= bytes && count < characters) fitting = count;
  }
  return text;
}

/** Keeps at most `max` characters and adds an ellipsis. */
function cutAfter(characters: readonly string[], max: number): string {
  const head = characters.slice(0, max + 1).join('');
  const end = head.lastIndexOf(' ');
  const cut = end >= head.length / 2 ? head.slice(0, end) : characters.slice(0, max).join('');
  return `${cut.replace(/[\s.,;:–-]+$/, '')}${ELLIPSIS}`;
}
