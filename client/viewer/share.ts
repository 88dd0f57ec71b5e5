import type { MediaItem } from '../../app/media/media.schema.ts';
import { fileName, publicUrl } from './media-urls.ts';

/** Larger files go as a link: they would not be there before the browser forgets that somebody asked. In bytes. */
const MAX_SHARED_BYTES = 20_000_000;

/** Whether the system has a sheet to share with. */
export const canShare = (): boolean => 'share' in navigator;

/** Whether the system takes files of this kind; asked with an empty one, before any byte is loaded. */
const takesFile = (item: MediaItem): boolean =>
  item.byteSize <= MAX_SHARED_BYTES &&
  'canShare' in navigator &&
  navigator.canShare({ files: [new File([], fileName(item), { type: item.mime })] });

/**
 * Opens the system's own sheet with the file itself where it takes one, else with the public link. Does nothing when the
 * sheet is closed without sharing.
 */
export async function share(item: MediaItem, title: string): Promise<void> {
  const link = { title, url: publicUrl(item) };
  const file = takesFile(item) ? await load(item) : null;
  try {
    await navigator.share(file ? { files: [file], title } : link);
  } catch (thrown) {
    if (!(thrown instanceof DOMException)) throw thrown;
    // Closed without sharing. A file that took too long to load has used up the press: its link is quicker.
    if (thrown.name === 'AbortError') return;
    if (!file) throw thrown;
    await navigator.share(link).catch((again: unknown) => {
      if (!(again instanceof DOMException && again.name === 'AbortError')) throw again;
    });
  }
}

/** The file, or nothing when it cannot be read from here: the link does it then. */
async function load(item: MediaItem): Promise<File | null> {
  const response = await fetch(item.url).catch(() => null);
  if (!response?.ok) return null;
  return new File([await response.blob()], fileName(item), { type: item.mime });
}
