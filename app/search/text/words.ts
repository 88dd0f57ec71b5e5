/** Matches most words. They are their own folded form. */
const ASCII = /^[\x20-\x7e]*$/;
/** Largest length of a word, code points. The index cuts at the same length. */
const MAX_WORD_CHARS = 64;

/** Prefix of lexemes for characters and symbols, which are not words: `%東京`, `%🔥`. */
export const CHARACTER_MARK = '%';

/** Largest number of parts of a joined compound: linja-auto, but not a whole file name. */
const MAX_JOINED_PARTS = 4;

/** Normalizes a word for comparison: without apostrophes, at most 64 code points. */
export const normalizedWord = (part: string): string => {
  const word = part.replaceAll("'", '');
  return word.length <= MAX_WORD_CHARS ? word : Array.from(word).slice(0, MAX_WORD_CHARS).join('');
};

/**
 * Joins a compound: linjaauto from linja-auto. It returns `null` for one part, more than four, or
 * digits only.
 */
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

/**
 * Removes diacritics, exactly as search_fold: ä → a, é → e, ø → o, ß → ss.
 * Characters and symbols stay unchanged.
 */
export const fold = (word: string): string =>
  ASCII.test(word) || word.startsWith(CHARACTER_MARK) ? word : removeDiacritics(word);

const removeDiacritics = (word: string): string =>
  word
    .replace(/[ßæœþøłđðħıŧŋ]/g, (letter) => LIGATURES[letter] ?? letter)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '');
