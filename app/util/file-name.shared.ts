import { mapAroundEmoji } from './emoji.shared.ts';

/** Characters that some file system refuses, bidirectional marks, and invisible characters. */
const UNSAFE = /[\\/:*?"<>|\p{Cc}\p{Cf}\u2028\u2029]+/gu;
/**
 * Names that Windows reserves for devices:
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/**
 * Maximum length without the extension, in UTF-8 bytes. File systems allow 255, and a number and
 * the extension follow.
 */
const MAX_STEM_BYTES = 200;

/**
 * Returns the file name of an item without an extension: its title, else its original name. It is
 * safe on every file system. It is empty when neither has a usable character. Archives, downloads
 * and shared files use it, so that one item has one name.
 *
 * @example
 * fileStem('a/b: "c"', 'IMG_1.png'); // 'a b c'
 */
export const fileStem = (title: string, originalName: string): string =>
  safeStem(title) || safeStem(originalName.replace(/\.\w{1,5}$/, ''));

function safeStem(text: string): string {
  const plain = mapAroundEmoji(
    text.toWellFormed().normalize('NFC'),
    (part) => part.replace(UNSAFE, ' '),
    // The keycap of a star contains one.
    (emoji) => emoji.replaceAll('*', ''),
  )
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[. ]+|[. ]+$/g, '');
  const short = truncate(plain).replace(/[. ]+$/, '');
  return DEVICE.test(short) ? `_${short}` : short;
}

/** Truncates between characters. */
function truncate(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += utf8Bytes(character);
    if (bytes > MAX_STEM_BYTES) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Returns the UTF-8 length of one character. Neither `Buffer` nor `TextEncoder` is needed. */
function utf8Bytes(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
