/** Most words are: nothing needs to be done to them, and a page of results has a thousand. */
const ASCII = /^[\x20-\x7e]*$/;
/** Longest word that is told apart, in code points; the index cuts at the same length. */
const MAX_WORD = 64;

/**
 * A run of letters, marks and digits of any script. The index (search_vector in the migration) splits the same way.
 * Global: use with matchAll or match only.
 */
export const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** The one spelling of a word that is compared: NFKC, lower case, at most 64 code points. */
export const normalizeWord = (word: string): string => {
  if (ASCII.test(word)) return word.slice(0, MAX_WORD).toLowerCase();
  return Array.from(word.normalize('NFKC').toLowerCase()).slice(0, MAX_WORD).join('');
};

/** The words of a text in their order, normalised. */
export const wordsOf = (text: string): string[] =>
  (text.normalize('NFKC').match(WORD) ?? []).map(normalizeWord);

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

/** Without diacritics, exactly as search_fold in the migration does it: ä → a, é → e, ø → o, ß → ss. */
export const fold = (word: string): string => (ASCII.test(word) ? word : withoutMarks(word));

const withoutMarks = (word: string): string =>
  word
    .replace(/[ßæœþøłđðħıŧŋ]/g, (letter) => LIGATURES[letter] ?? letter)
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '');
