import { countLetters } from './clean-word.ts';
import type { OcrLanguage } from './models.ts';
import type { Reading } from './readings.ts';

/** Words that make up a third of any English text, and none of which is a Finnish one. */
const COMMON_ENGLISH_WORDS = new Set(
  `the and you your is are was were be been have has had of in it its it's my for that this these when what who why how
  not no can can't don't didn't with from at by as but or if so we they he she his her them there then than will would
  just all out up about after before one to i'm i'll i've do does did get got me our us an like still never every`.split(
    /\s+/,
  ),
);

/**
 * Whether a text is English: several of its commonest words are in it. The Finnish model reads English as well as the
 * English one does, short words and the letter I apart, but not the other way round; so Finnish is what a text is until
 * it shows otherwise.
 */
export function languageOf(readings: readonly Reading[]): OcrLanguage {
  const words = readings.flatMap((reading) =>
    reading.words.map(({ text }) => text.toLowerCase().replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '')),
  );
  const hits = words.filter((word) => COMMON_ENGLISH_WORDS.has(word)).length;
  return hits >= 2 && hits >= 0.12 * words.length ? 'eng' : 'fin';
}

/** A line of words this sure needs no second reading; an English one read by the Finnish model needs more. */
const MIN_SURE_CONFIDENCE = 76;
const MIN_SURE_ENGLISH_CONFIDENCE = 86;
/** What the Finnish model makes of a lone English I, and of one with its apostrophe. */
const MISREAD_ENGLISH_I = /^[1Il|!i]$|^[1l|!][''][a-z]{1,2}$|^[IT]m$/u;

/**
 * Whether a line should be read by the other model as well.
 *
 * @param model - the language it was read in
 * @param language - the language of the text about it
 */
export function isDoubtful(reading: Reading, model: OcrLanguage, language: OcrLanguage): boolean {
  const foreign = model === 'fin' && language === 'eng';
  return reading.words.some(
    ({ text, confidence }) =>
      (countLetters(text) >= 2 &&
        confidence < (foreign ? MIN_SURE_ENGLISH_CONFIDENCE : MIN_SURE_CONFIDENCE)) ||
      (foreign && MISREAD_ENGLISH_I.test(text.replaceAll(/[.,!?:;"]+$/gu, ''))),
  );
}

/** The English model has no ä and ö: it must be this much surer to be believed where the Finnish one sees some. */
const LOST_DOTS_MARGIN = 25;
/** … and this much where no dots are at stake, unless the text is English. */
const ENGLISH_MARGIN = 4;

/** Spaces get lost, they are not made up: of two readings of the same letters the one with more words, each this sure. */
const MIN_SPLIT_CONFIDENCE = 60;

const lettersOf = ({ words }: Reading) =>
  words.map(({ text }) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')).join('');

/** Of a line's readings in both languages the one to keep. */
export function preferred(
  finnish: Reading | null,
  english: Reading | null,
  language: OcrLanguage,
): Reading | null {
  if (finnish === null || english === null) return finnish ?? english;
  if (lettersOf(finnish) === lettersOf(english) && finnish.words.length !== english.words.length) {
    const more = finnish.words.length > english.words.length ? finnish : english;
    if (more.words.every(({ confidence }) => confidence >= MIN_SPLIT_CONFIDENCE)) return more;
  }
  const dotted = finnish.words.some(({ text }) => /[äöåÄÖÅ]/u.test(text));
  const margin = dotted ? LOST_DOTS_MARGIN : language === 'eng' ? 0 : ENGLISH_MARGIN;
  const lost = english.letters < 0.8 * finnish.letters;
  if (!lost && english.confidence >= finnish.confidence + margin) return english;
  return language === 'eng' ? withEnglishI(finnish, english) : finnish;
}

/** The Finnish reading with the I's of the English one, where both see the same words. */
function withEnglishI(finnish: Reading, english: Reading): Reading {
  if (finnish.words.length !== english.words.length) return finnish;
  const words = finnish.words.map((word, index) => {
    const other = english.words[index];
    return other !== undefined &&
      MISREAD_ENGLISH_I.test(word.text) &&
      /^I(?:['’]\p{L}{1,2})?$/u.test(other.text)
      ? other
      : word;
  });
  return { ...finnish, words };
}
