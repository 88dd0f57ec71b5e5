/** Characters that some file system refuses. */
const UNSAFE = /[\\/:*<>|\p{Cc}]+/gu;

/**
 * Returns the download name of an original: its title, else its original name, else its key. The
 * extension is that of the key, because it follows the content and not a claim. At most 100
 * characters precede the extension.
 */
export function downloadName(key: string, item: { title: string; original_name: string } | null): string {
  const [stem = '', ending = 'bin'] = key.split('.');
  const given = item?.title || item?.original_name.replace(/\.\w{1,5}$/, '') || '';
  const name = given
    .replace(UNSAFE, ' ')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 100)
    .toWellFormed()
    .replaceAll(/^[. ]+|[. ]+$/g, '');
  return `${name || stem}.${ending}`;
}
