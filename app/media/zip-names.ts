import { mapAroundEmoji } from '../util/emoji.ts';

/** The fields that a name in an archive uses. */
export interface Named {
  title: string;
  original_name: string;
  object_key: string;
}

/** Characters that some file system refuses, bidirectional marks, and invisible characters. */
const UNSAFE = /[\\/:*?"<>|\p{Cc}\p{Cf}\u2028\u2029]+/gu;
/**
 * Names that Windows reserves for devices:
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/**
 * Maximum name length without the extension, in UTF-8 bytes. File systems allow 255, and a number
 * may follow.
 */
const MAX_STEM_BYTES = 200;

/**
 * Returns a name for each file of an archive: its title, else its original name, else its key. The
 * extension follows the content. Names are unique without regard to case: duplicates are numbered,
 * as browsers do it.
 */
export function zipNames(items: readonly Named[]): string[] {
  const taken = new Set<string>();
  return items.map((item) => {
    const [key = '', ending = 'bin'] = item.object_key.split('.');
    const stem = safeStem(item.title) || safeStem(item.original_name.replace(/\.\w{1,5}$/, '')) || key;
    for (let nth = 1; ; nth++) {
      const name = nth === 1 ? `${stem}.${ending}` : `${stem} (${nth}).${ending}`;
      const caseless = name.normalize('NFC').toLowerCase();
      if (taken.has(caseless)) continue;
      taken.add(caseless);
      return name;
    }
  });
}

function safeStem(text: string): string {
  const plain = mapAroundEmoji(
    text.toWellFormed().normalize('NFC'),
    (part) => part.replace(UNSAFE, ' '),
    // The keycap of a star contains one.
    (emoji) => emoji.replaceAll('*', ''),
  )
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[. ]+|[. ]+$/g, '');
  const short = shortened(plain).replace(/[. ]+$/, '');
  return DEVICE.test(short) ? `_${short}` : short;
}

/** Truncates between characters. */
function shortened(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_STEM_BYTES) break;
    end += character.length;
  }
  return text.slice(0, end);
}
