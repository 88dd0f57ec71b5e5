/** An archive cannot be read or imported. The message is a sentence with the reason. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}
