import type { MediaItem } from '../../app/media/media.schema.ts';
import { fileName, publicUrl } from './media-urls.ts';

/**
 * Maximum size of a shared file, in bytes. A larger file would load longer than the browser's user
 * activation lasts, so its link is shared.
 */
const MAX_SHARED_BYTES = 20_000_000;

/** Whether the system has a share sheet. */
export const canShare = (): boolean => 'share' in navigator;

/**
 * Whether the system accepts files of this type. It checks with an empty file, before any download.
 */
const takesFile = (item: MediaItem): boolean =>
  item.byteSize <= MAX_SHARED_BYTES &&
  'canShare' in navigator &&
  navigator.canShare({ files: [new File([], fileName(item), { type: item.mime })] });

/**
 * Opens the share sheet with the file if the system accepts it, otherwise with the public link.
 * Does nothing if the user closes the sheet.
 */
export async function share(item: MediaItem, title: string): Promise<void> {
  const link = { title, url: publicUrl(item) };
  const file = takesFile(item) ? await load(item) : null;
  try {
    await navigator.share(file ? { files: [file], title } : link);
  } catch (thrown) {
    if (!(thrown instanceof DOMException)) throw thrown;
    // The user closed the sheet. A slow download uses up the user activation, so the link is shared
    // instead.
    if (thrown.name === 'AbortError') return;
    if (!file) throw thrown;
    await navigator.share(link).catch((again: unknown) => {
      if (!(again instanceof DOMException && again.name === 'AbortError')) throw again;
    });
  }
}

/** Loads the file; null if it cannot be read from here, and the link is shared instead. */
async function load(item: MediaItem): Promise<File | null> {
  const response = await fetch(item.url).catch(() => null);
  if (!response?.ok) return null;
  return new File([await response.blob()], fileName(item), { type: item.mime });
}
