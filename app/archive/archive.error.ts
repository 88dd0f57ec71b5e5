/** An archive cannot be read or taken in; the message is a sentence that says why. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}
