import { COMPONENT, unitsOf, type Stretch } from './units.ts';
import { CHARACTER_MARK, joinedWord, spelled } from './words.ts';

/** A way to find a unit of a text, and where it stands. */
export interface Spelling {
  start: number;
  end: number;
  word: string;
}

/** One place of a text: phrases count these. `main` is what stands there, `more` what it is found by besides. */
export interface PlaceOfText {
  main: Spelling;
  more: readonly Spelling[];
}

/** Latin letters and punctuation that NFKC leaves alone, without apostrophes and hyphens: most texts. */
const PLAIN_TEXT =
  /^[\t\n\r\x20-\x26\x28-\x2C\x2E-\x5F\x61-\x7E\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u013E\u0141-\u0148\u014A-\u017E]*$/;
const PLAIN_WORD = /[0-9A-Za-z\u00C0-\u017E]+/g;
const NOTHING: readonly Spelling[] = [];

/** The places of a text in their order. */
export function* placesOf(text: string): Generator<PlaceOfText> {
  if (PLAIN_TEXT.test(text)) {
    // As below, but faster: a page of results has a thousand words.
    for (const { index: start, 0: word } of text.matchAll(PLAIN_WORD))
      yield { main: { start, end: start + word.length, word: spelled(word.toLowerCase()) }, more: NOTHING };
    return;
  }
  for (const unit of unitsOf(text)) {
    if (unit.is === 'word') yield* placesOfWord(unit.parts);
    else if (unit.is === 'run') yield* placesOfRun(unit.characters);
    else yield placeOfSymbol(unit);
  }
}

function* placesOfWord(parts: readonly Stretch[]): Generator<PlaceOfText> {
  const word = joinedWord(parts.map(({ text }) => text));
  const [first, last] = [parts[0], parts.at(-1)];
  const joined = word !== null && first && last ? [{ start: first.start, end: last.end, word }] : [];
  for (const part of parts) {
    const { start, end, text } = part;
    const pieces = text.includes("'") ? text.split("'").filter((piece) => Array.from(piece).length > 1) : [];
    yield {
      main: { start, end, word: spelled(text) },
      more: [
        ...pieces.map((piece) => ({ start, end, word: spelled(piece) })),
        ...(part === first || part === last ? joined : []),
      ],
    };
  }
}

/** Each character with the one after it, and alone. */
function* placesOfRun(characters: readonly Stretch[]): Generator<PlaceOfText> {
  for (const [i, { start, end, text }] of characters.entries()) {
    const next = characters[i + 1];
    const alone = { start, end, word: CHARACTER_MARK + text };
    if (next) yield { main: { start, end: next.end, word: alone.word + next.text }, more: [alone] };
    else yield { main: alone, more: [] };
  }
}

function placeOfSymbol({ start, end, text }: Stretch): PlaceOfText {
  const components = Array.from(text).length > 1 ? (text.match(COMPONENT) ?? []) : [];
  const word = (symbol: string) => ({ start, end, word: CHARACTER_MARK + symbol });
  return { main: word(text), more: [...new Set(components)].map(word) };
}
