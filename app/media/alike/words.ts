import { editDistance } from '../../util/edit-distance.ts';

/** Compared words of a text, so that the time of a long one is bounded. */
const MAX_WORDS = 120;
/** Shares of the letters that two texts have in common, of the shorter and of the longer text. */
const MIN_SHARE_OF_SHORTER = 0.6;
const MIN_SHARE_OF_LONGER = 0.45;
/**
 * Long words and numbers that each text has and the other lacks, as a share of the longer text's
 * words. Text recognition loses and adds words; others in their place are another caption.
 */
const MAX_REPLACED_SHARE = 0.1;
/** A shorter word says little: text recognition often misreads it. */
const LONG_WORD_LETTERS = 4;
/** A word of this many letters may have one misread, one of twice as many two. */
const LETTERS_A_MISREAD = 4;

/**
 * Returns the words of a text as they are compared: folded, numbers and words of two letters up.
 */
export function comparedWords(text: string): string[] {
  const folded = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return (folded.match(/\p{L}{2,}|\p{N}+/gu) ?? []).slice(0, MAX_WORDS);
}

/** The result of comparing the words of two pictures: `unknown` if both have none. */
export type WordsAgree = 'yes' | 'no' | 'unknown';

/** Compares the words of two pictures. Their order does not matter, nor a misread letter. */
export function compareWords(one: readonly string[], other: readonly string[]): WordsAgree {
  if (one.length === 0 && other.length === 0) return 'unknown';
  const left = [...other];
  const take = (isSame: (word: string) => boolean) => {
    const at = left.findIndex(isSame);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  };
  const unequal = one.filter((word) => !take((there) => there === word));
  const lacking = unequal.filter((word) => !take((there) => isMisread(word, there)));
  const longer = Math.max(lettersOf(one), lettersOf(other));
  const shorter = Math.min(lettersOf(one), lettersOf(other));
  const common = lettersOf(one) - lettersOf(lacking);
  const replaced = Math.min(lacking.filter(isTelling).length, left.filter(isTelling).length);
  const agree =
    common >= MIN_SHARE_OF_SHORTER * shorter &&
    common >= MIN_SHARE_OF_LONGER * longer &&
    replaced <= MAX_REPLACED_SHARE * Math.max(one.length, other.length);
  return agree ? 'yes' : 'no';
}

const lettersOf = (words: readonly string[]): number => words.reduce((sum, word) => sum + word.length, 0);

const isTelling = (word: string): boolean => word.length >= LONG_WORD_LETTERS || /\p{N}/u.test(word);

function isMisread(one: string, other: string): boolean {
  if (/\p{N}/u.test(one + other)) return false;
  const limit = Math.floor(Math.min(one.length, other.length) / LETTERS_A_MISREAD);
  return limit > 0 && editDistance(one, other, { limit }) <= limit;
}
