import { mapAroundEmoji } from '../util/emoji.ts';

/** What a name in an archive is made of. */
export interface Named {
  title: string;
  original_name: string;
  object_key: string;
}

/** Characters that some file system refuses, and what would turn the writing around or not show. */
const UNSAFE = /[\\/:*?"<>|\p{Cc}\p{Cf}\u2028\u2029]+/gu;
/** Names Windows keeps for devices: https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** Longest name without its ending, in UTF-8 bytes: file systems take 255 of them, and a number may follow. */
const MAX_STEM_BYTES = 200;

/**
 * A name for each file of an archive: its title, else the name it came with, else its key, with the ending of its
 * content. No two are the same where case does not count either: the second is numbered, as browsers do it.
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
    // The keycap of a star has one.
    (emoji) => emoji.replaceAll('*', ''),
  )
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[. ]+|[. ]+$/g, '');
  const short = shortened(plain).replace(/[. ]+$/, '');
  return DEVICE.test(short) ? `_${short}` : short;
}

/** Cut between characters. */
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
