/** Most words are: they fold to themselves. */
const ASCII = /^[\x20-\x7e]*$/;
/** Longest word that is told apart, in code points; the index cuts at the same length. */
const MAX_WORD_CHARS = 64;

/** Marks the lexemes of characters and symbols, which are no words: `%東京`, `%🔥`. */
export const CHARACTER_MARK = '%';

/** Most parts of a compound that are also joined: linja-auto, but not a whole file name. */
const MAX_JOINED_PARTS = 4;

/** The one spelling of a word that is compared: without apostrophes, at most 64 code points. */
export const normalizedWord = (part: string): string => {
  const word = part.replaceAll("'", '');
  return word.length <= MAX_WORD_CHARS ? word : Array.from(word).slice(0, MAX_WORD_CHARS).join('');
};

/** linja-auto as linjaauto; `null` for a single part, more than four, or nothing but digits. */
export function joinedWord(parts: readonly string[]): string | null {
  if (parts.length < 2 || parts.length > MAX_JOINED_PARTS) return null;
  const word = normalizedWord(parts.join(''));
  return /\p{L}/u.test(word) ? word : null;
}

const LIGATURES: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ŋ: 'n',
};

/** Without diacritics, exactly as search_fold in the migration does it: ä → a, é → e, ø → o, ß → ss. Characters stay as they are. */
export const fold = (word: string): string =>
  ASCII.test(word) || word.startsWith(CHARACTER_MARK) ? word : removeDiacritics(word);

const removeDiacritics = (word: string): string =>
  word
    .replace(/[ßæœþøłđðħıŧŋ]/g, (letter) => LIGATURES[letter] ?? letter)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '');
