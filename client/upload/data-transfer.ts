/** Whether dragged or pasted data contains files. */
export const hasFiles = (transfer: DataTransfer | null): boolean =>
  transfer?.types.includes('Files') ?? false;

/** Whether dragged data is a link: an address, or a picture of another page without its file. */
export const hasLink = (transfer: DataTransfer | null): boolean =>
  transfer?.types.includes('text/uri-list') ?? false;

/** Whether pasted data is an address, or a picture of another page without its file. */
export const isPastedLink = (transfer: DataTransfer): boolean =>
  /^https?:\/\/\S+$/i.test(transfer.getData('text/plain').trim()) ||
  /<img\s/i.test(transfer.getData('text/html'));

/** Returns the texts that may name a link, for `addressOfLink`. */
export const linkTexts = (transfer: DataTransfer): string[] =>
  ['text/html', 'text/uri-list', 'text/plain'].map((format) => transfer.getData(format));

/**
 * Reads dropped or pasted files, including those in dropped directories, in order. It skips hidden
 * files, because nobody drops a `.DS_Store` on purpose.
 */
export async function readFiles(transfer: DataTransfer): Promise<File[]> {
  // Reads the entries before the first await: afterwards the browser empties the transfer.
  const entries = [...transfer.items].flatMap((item) =>
    item.kind === 'file' ? (item.webkitGetAsEntry() ?? []) : [],
  );
  const plain = [...transfer.files];
  const files = entries.some((entry) => entry.isDirectory)
    ? await (await import('./read-directory.ts')).readEntries(entries)
    : plain;
  return files.filter((file) => !file.name.startsWith('.'));
}
