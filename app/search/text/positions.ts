import { SYMBOL_COMPONENT, unitsOf, type UnitSpan } from './units.ts';
import { CHARACTER_MARK, joinedWord, normalizedWord } from './words.ts';

/** A spelling that finds a unit of a text, and its span in the text, UTF-16 units. */
export interface WordSpan {
  start: number;
  end: number;
  word: string;
}

/**
 * One position of a text, as phrases count them. `main` is the text there; `more` are further
 * spellings that find it.
 */
export interface IndexedPosition {
  main: WordSpan;
  more: readonly WordSpan[];
}

/**
 * Matches a text of Latin letters and punctuation that NFKC does not change, without apostrophes
 * and hyphens. Most texts are like this.
 */
const PLAIN_TEXT =
  /^[\t\n\r\x20-\x26\x28-\x2C\x2E-\x5F\x61-\x7E\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u013E\u0141-\u0148\u014A-\u017E]*$/;
const PLAIN_WORD = /[0-9A-Za-z\u00C0-\u017E]+/g;
const NOTHING: readonly WordSpan[] = [];

/** Yields the positions of a text in order. */
export function* positionsOf(text: string): Generator<IndexedPosition> {
  if (PLAIN_TEXT.test(text)) {
    // This fast path has the same result. A page of results has a thousand words.
    for (const { index: start, 0: word } of text.matchAll(PLAIN_WORD))
      yield {
        main: { start, end: start + word.length, word: normalizedWord(word.toLowerCase()) },
        more: NOTHING,
      };
    return;
  }
  for (const unit of unitsOf(text)) {
    if (unit.is === 'word') yield* positionsOfWord(unit.parts);
    else if (unit.is === 'run') yield* positionsOfRun(unit.characters);
    else yield positionOfSymbol(unit);
  }
}

function* positionsOfWord(parts: readonly UnitSpan[]): Generator<IndexedPosition> {
  const word = joinedWord(parts.map(({ text }) => text));
  const [first, last] = [parts[0], parts.at(-1)];
  const joined = word !== null && first && last ? [{ start: first.start, end: last.end, word }] : [];
  for (const part of parts) {
    const { start, end, text } = part;
    const pieces = text.includes("'") ? text.split("'") : [];
    yield {
      main: { start, end, word: normalizedWord(text) },
      more: [
        ...pieces.map((piece) => ({ start, end, word: normalizedWord(piece) })),
        ...(part === first || part === last ? joined : []),
      ],
    };
  }
}

/** Yields each character with the next one, and alone. */
function* positionsOfRun(characters: readonly UnitSpan[]): Generator<IndexedPosition> {
  for (const [i, { start, end, text }] of characters.entries()) {
    const next = characters[i + 1];
    const alone = { start, end, word: CHARACTER_MARK + text };
    if (next) yield { main: { start, end: next.end, word: alone.word + next.text }, more: [alone] };
    else yield { main: alone, more: [] };
  }
}

function positionOfSymbol({ start, end, text }: UnitSpan): IndexedPosition {
  const components = Array.from(text).length > 1 ? (text.match(SYMBOL_COMPONENT) ?? []) : [];
  const word = (symbol: string) => ({ start, end, word: CHARACTER_MARK + symbol });
  return { main: word(text), more: [...new Set(components)].map(word) };
}
