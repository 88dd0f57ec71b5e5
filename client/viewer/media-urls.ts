import type { MediaItem } from '../../app/media/media.schema.ts';

type Linked = Pick<MediaItem, 'url' | 'mime' | 'title' | 'originalName'>;

/** Where the original is, as a whole address that works anywhere. */
export const publicUrl = (item: Linked): string => new URL(item.url, location.href).href;

/** Where the original comes as a download. Our own server is asked: for a bucket elsewhere it answers with a signed address. */
export function downloadUrl(item: Linked): string {
  const key = new URL(item.url, location.href).pathname.split('/').at(-1);
  return new URL(`/api/files/${key}?download=1`, location.href).href;
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
