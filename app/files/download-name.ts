import { fileStem } from '../util/file-name.shared.ts';

/**
 * Returns the download name of an original: its title, else its original name, else its key. The
 * extension is that of the key, because it follows the content and not a claim.
 */
export function downloadName(key: string, item: { title: string; original_name: string } | null): string {
  const [stem = '', ending = 'bin'] = key.split('.');
  return `${(item && fileStem(item.title, item.original_name)) || stem}.${ending}`;
}
