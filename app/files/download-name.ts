/** Characters that some file system refuses. */
const UNSAFE = /[\\/:*<>|\p{Cc}]+/gu;

/**
 * The name to save an original under: its title, else the name it came with, else its key; always with the ending of
 * the key, which is that of its content and not of what somebody called it. At most 100 characters before it.
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
