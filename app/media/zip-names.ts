import { fileStem } from '../util/file-name.shared.ts';

/** The fields that a name in an archive uses. */
export interface Named {
  title: string;
  original_name: string;
  object_key: string;
}

/**
 * Returns a name for each file of an archive: its title, else its original name, else its key. The
 * extension follows the content. Names are unique without regard to case: duplicates are numbered,
 * as browsers do it.
 */
export function zipNames(items: readonly Named[]): string[] {
  const taken = new Set<string>();
  return items.map((item) => {
    const [key = '', ending = 'bin'] = item.object_key.split('.');
    const stem = fileStem(item.title, item.original_name) || key;
    for (let nth = 1; ; nth++) {
      const name = nth === 1 ? `${stem}.${ending}` : `${stem} (${nth}).${ending}`;
      const caseless = name.normalize('NFC').toLowerCase();
      if (taken.has(caseless)) continue;
      taken.add(caseless);
      return name;
    }
  });
}
