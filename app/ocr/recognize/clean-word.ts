/** Counts letters and digits. They tell whether a text has content. */
export function countLetters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/** Characters that tesseract reads in specks, frames and edges. */
const EDGE_NOISE = /^[|_~«»°^`´\\¦=<>{}[\]—]+|[|_~«»°^`´\\¦=<>{}[\]—]+$/gu;

/**
 * Cleans a recognized word. The result is empty when only noise is left.
 *
 * Typographic quotes and ligatures become the characters that people type, so that a search finds
 * them.
 */
export function cleanWord(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[‘’‚′]/gu, "'")
    .replaceAll(/[“”„″]/gu, '"')
    .replaceAll('ﬁ', 'fi')
    .replaceAll('ﬂ', 'fl')
    .replaceAll(EDGE_NOISE, '');
}
