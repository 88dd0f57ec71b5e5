/** Most words of one search that count; the rest of a pasted essay would only cost time. */
const MAX_WORDS = 32;
/** Longest word that counts: PostgreSQL does not index longer ones usefully. */
const MAX_WORD_LENGTH = 64;

/** The words of a search: runs of letters, marks and digits of any script, in lower case. Everything else separates. */
export function wordsOf(query: string): string[] {
  const words =
    query
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words.map((word) => word.slice(0, MAX_WORD_LENGTH)))].slice(0, MAX_WORDS);
}
