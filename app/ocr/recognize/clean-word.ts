/** Letters and digits in a text: what counts when asking whether something was read. */
export function countLetters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/** What tesseract sees in specks, frames and edges. */
const EDGE_NOISE = /^[|_~«»°^`´\\¦=<>{}[\]—]+|[|_~«»°^`´\\¦=<>{}[\]—]+$/gu;

/**
 * A word as read, without the marks that are never part of one; empty when nothing is left. Typographic quotes and
 * ligatures become what people type, so that a search finds them.
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
