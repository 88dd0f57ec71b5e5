/**
 * An archive of this many bytes takes minutes on a usual line: 7 at 10 Mbit/s. A platform cuts off
 * an answer after an hour at most.
 */
export const LARGE_ARCHIVE_BYTES = 500_000_000;

/**
 * Returns the bytes of an archive of these items, and whether it needs a warning. The archive is
 * not compressed, so it has the size of its files.
 */
export function archiveSize(items: readonly { byteSize: number }[]): { bytes: number; isLarge: boolean } {
  const bytes = items.reduce((sum, { byteSize }) => sum + byteSize, 0);
  return { bytes, isLarge: bytes > LARGE_ARCHIVE_BYTES };
}
