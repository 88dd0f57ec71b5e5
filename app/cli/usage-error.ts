/** The typed command line is not a valid command. The message is a sentence for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
