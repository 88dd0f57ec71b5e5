/** Whether something dragged or pasted brings files along. */
export const hasFiles = (transfer: DataTransfer | null): boolean =>
  transfer?.types.includes('Files') ?? false;

/**
 * The files in what was dropped or pasted, those inside dropped folders too, in the order they are named there. Hidden
 * files are left out: nobody drops a `.DS_Store` on purpose.
 */
export async function readFiles(transfer: DataTransfer): Promise<File[]> {
  // Entries have to be taken before the first await: afterwards the browser empties the transfer.
  const entries = [...transfer.items].flatMap((item) =>
    item.kind === 'file' ? (item.webkitGetAsEntry() ?? []) : [],
  );
  const plain = [...transfer.files];
  const files = entries.some((entry) => entry.isDirectory)
    ? await (await import('./read-directory.ts')).readEntries(entries)
    : plain;
  return files.filter((file) => !file.name.startsWith('.'));
}
