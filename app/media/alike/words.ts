import { editDistance } from '../../util/edit-distance.ts';

/** Compared words of a text, so that the time of a long one is bounded. */
const MAX_WORDS = 120;
/** Shares of the letters that two texts have in common, of the shorter and of the longer text. */
const MIN_SHARE_OF_SHORTER = 0.6;
const MIN_SHARE_OF_LONGER = 0.45;
/**
 * Long words and numbers that each text has and the other lacks, as a share of the longer text's
 * words. Text recognition loses and adds words. Beside the same word, those of both texts are
 * another caption. Elsewhere, one was lost and another added, as by a watermark.
 */
const MAX_REPLACED_SHARE = 0.1;
const MAX_LOST_AND_ADDED_SHARE = 0.25;
/** A shorter word says little: text recognition often misreads it. */
const LONG_WORD_LETTERS = 4;
/** One in the very place of another, without a common letter, is another caption all the same. */
const MIN_SHORT_WORD_LETTERS = 3;
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
  const partners = partnersOf(one, other);
  const taken = new Set(partners);
  const lackingAt = [...one.keys()].filter((i) => partners[i] === null);
  const lacking = lackingAt.map((i) => one[i] ?? '');
  const longer = Math.max(lettersOf(one), lettersOf(other));
  const shorter = Math.min(lettersOf(one), lettersOf(other));
  const common = lettersOf(one) - lettersOf(lacking);
  const telling = lackingAt.filter((i) => isTelling(one[i] ?? ''));
  const added = [...other.keys()].filter((j) => !taken.has(j) && isTelling(other[j] ?? ''));
  const besideOne = (i: number) => neighboursOf(one.length, i, (at) => partners[at] ?? null);
  const besideOther = (j: number) => neighboursOf(other.length, j, (at) => (taken.has(at) ? at : null));
  const [besideLost, besideAdded] = [telling.map(besideOne), added.map(besideOther)];
  const replaced = Math.min(countShared(besideLost, besideAdded), countShared(besideAdded, besideLost));
  const addedShort = [...other.keys()].filter((j) => !taken.has(j) && isShort(other[j] ?? ''));
  const isReplacedByShort = (i: number) =>
    addedShort.some(
      (j) => isNothingAlike(one[i] ?? '', other[j] ?? '') && isSamePlace(besideOne(i), besideOther(j)),
    );
  const isShortReplaced = lackingAt.some((i) => isShort(one[i] ?? '') && isReplacedByShort(i));
  const words = Math.max(one.length, other.length);
  const agree =
    common >= MIN_SHARE_OF_SHORTER * shorter &&
    common >= MIN_SHARE_OF_LONGER * longer &&
    !isShortReplaced &&
    replaced <= MAX_REPLACED_SHARE * words &&
    Math.min(telling.length, added.length) <= MAX_LOST_AND_ADDED_SHARE * words;
  return agree ? 'yes' : 'no';
}

/** Returns the place of each word in the other text, or `null`; equal words come first. */
function partnersOf(one: readonly string[], other: readonly string[]): (number | null)[] {
  const left = new Set(other.keys());
  const take = (isSame: (there: string) => boolean): number | null => {
    const found = [...left].find((at) => isSame(other[at] ?? ''));
    if (found === undefined) return null;
    left.delete(found);
    return found;
  };
  const equal = one.map((word) => take((there) => there === word));
  return equal.map((at, i) => at ?? take((there) => isMisread(one[i] ?? '', there)));
}

/** Returns the places of the nearest common words before and after a word. */
function neighboursOf(count: number, of: number, placeOf: (at: number) => number | null): number[] {
  const nearest = (step: 1 | -1): number[] => {
    for (let at = of + step; at >= 0 && at < count; at += step) {
      const place = placeOf(at);
      if (place !== null) return [place];
    }
    return [];
  };
  return [...nearest(-1), ...nearest(1)];
}

const isShort = ({ length }: string): boolean =>
  length >= MIN_SHORT_WORD_LETTERS && length <= LONG_WORD_LETTERS;

/** Tells whether two words have no letter in common in its place, such as "two" and "nine". */
const isNothingAlike = (one: string, other: string): boolean =>
  editDistance(one, other) === Math.max(one.length, other.length);

const isSamePlace = (one: readonly number[], other: readonly number[]): boolean =>
  one.length > 0 && one.join() === other.join();

/** Counts the groups that have a place of one of the other groups. */
function countShared(groups: readonly number[][], others: readonly number[][]): number {
  const places = new Set(others.flat());
  return groups.filter((group) => group.some((place) => places.has(place))).length;
}

const lettersOf = (words: readonly string[]): number => words.reduce((sum, word) => sum + word.length, 0);

const isTelling = (word: string): boolean => word.length >= LONG_WORD_LETTERS || /\p{N}/u.test(word);

function isMisread(one: string, other: string): boolean {
  if (/\p{N}/u.test(one + other)) return false;
  const limit = Math.floor(Math.min(one.length, other.length) / LETTERS_A_MISREAD);
  return limit > 0 && editDistance(one, other, { limit }) <= limit;
}
