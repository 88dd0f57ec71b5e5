import type { MediaItem } from '../../app/media/media.schema.ts';

type Linked = Pick<MediaItem, 'url' | 'mime' | 'title' | 'originalName'>;

/** Where the original is, as a whole address that works anywhere. */
export const publicUrl = (item: Linked): string => new URL(item.url, location.href).href;

/**
 * Where the original comes as a download. Our own server is asked to say so in its headers; a bucket on another origin
 * has no such switch, there the browser decides.
 */
export function downloadUrl(item: Linked): string {
  const url = new URL(item.url, location.href);
  if (url.origin !== location.origin) return url.href;
  url.searchParams.set('download', '1');
  return url.href;
}

/** Characters that some file system refuses. */
const UNSAFE = /[\\/:*?"<>|\p{Cc}]+/gu;

/** A file name made of the title, or the name the file came with; always with the ending its content has. */
export function fileName(item: Linked): string {
  const stem = (item.title || item.originalName.replace(/\.\w{1,5}$/, ''))
    .replace(UNSAFE, ' ')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 100)
    .replace(/^[. ]+|[. ]+$/g, '');
  const ending = item.mime.split('/')[1]?.replace('jpeg', 'jpg') ?? 'bin';
  return `${stem || 'meemi'}.${ending}`;
}
