import type { MediaItem } from '../../app/media/media.schema.ts';
import { fileName } from '../viewer/media-urls.ts';

/**
 * Maximum size of a shared file, in bytes. A larger file would load longer than the browser's user
 * activation lasts, so its link is shared.
 */
const MAX_SHARED_BYTES = 20_000_000;

type Sharable = Pick<MediaItem, 'url' | 'playbackUrl' | 'mime' | 'title' | 'originalName' | 'byteSize'>;

/** Whether the system has a share sheet. */
export const hasShareSheet = (): boolean => 'share' in navigator;

/** Whether the share sheet comes first: on phones and tablets, where people send by it. */
export const prefersShareSheet = (): boolean => hasShareSheet() && matchMedia('(pointer: coarse)').matches;

/**
 * Whether the system accepts files of this type. It checks with an empty file, before any download.
 */
const takesFile = (item: Sharable): boolean =>
  item.byteSize <= MAX_SHARED_BYTES &&
  'canShare' in navigator &&
  navigator.canShare({ files: [new File([], fileName(item), { type: item.mime })] });

/**
 * Opens the share sheet with the file if the system accepts it, otherwise with the link. Does
 * nothing if the user closes the sheet.
 *
 * @param getLink creates the link; called only if the file is not shared
 */
export async function shareItem(
  item: Sharable,
  title: string,
  getLink: () => Promise<string>,
): Promise<void> {
  const file = takesFile(item) ? await load(item) : null;
  if (file) {
    try {
      await navigator.share({ files: [file], title });
      return;
    } catch (thrown) {
      if (isClosed(thrown)) return;
      // A slow download uses up the user activation, so the link is shared instead.
      if (!(thrown instanceof DOMException)) throw thrown;
    }
  }
  await shareLink({ title, url: await getLink() });
}

/** Opens the share sheet with a link. Does nothing if the user closes the sheet. */
export async function shareLink(link: { title: string; url: string }): Promise<void> {
  await navigator.share(link).catch((thrown: unknown) => {
    if (!isClosed(thrown)) throw thrown;
  });
}

const isClosed = (thrown: unknown) => thrown instanceof DOMException && thrown.name === 'AbortError';

/** Loads the file; null if it cannot be read from here, and the link is shared instead. */
async function load(item: Sharable): Promise<File | null> {
  const response = await fetch(item.url).catch(() => null);
  if (!response?.ok) return null;
  return new File([await response.blob()], fileName(item), { type: item.mime });
}
