import { formatOf, FORMATS } from '../../app/media/formats/formats.limits.ts';
import { fileStem } from '../../app/util/file-name.shared.ts';
import type { MediaItem } from '../../app/media/media.schema.ts';

type Linked = Pick<MediaItem, 'url' | 'playbackUrl' | 'mime' | 'title' | 'originalName'>;

/**
 * Absolute URL of the file for other people: of the original, or of a video's playback. Most
 * browsers save the MOV of an iPhone instead of playing it.
 */
export const publicUrl = (item: Linked): string => new URL(item.playbackUrl ?? item.url, location.href).href;

/**
 * Download URL of the original. It points to our own server, which redirects to a signed URL if a
 * bucket holds the file. An item in the trash has no public URL.
 */
export function downloadUrl(item: Linked): string {
  if (item.url.startsWith('/api/media/')) return new URL(`${item.url}?download=1`, location.href).href;
  const key = new URL(item.url, location.href).pathname.split('/').at(-1);
  return new URL(`/api/files/${key}?download=1`, location.href).href;
}

/** File name from the title or the original name, with the extension of the content. */
export function fileName(item: Linked): string {
  const format = formatOf(item.mime);
  return `${fileStem(item.title, item.originalName) || 'meemi'}.${format ? FORMATS[format].extension : 'bin'}`;
}
