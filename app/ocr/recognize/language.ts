import { countLetters } from './clean-word.ts';
import type { OcrLanguage } from './models.ts';
import type { Reading } from './readings.ts';

/** Words that make up a third of any English text. None of them is Finnish. */
const COMMON_ENGLISH_WORDS = new Set(
  `the and you your is are was were be been have has had of in it its it's my for that this these when what who why how
  not no can can't don't didn't with from at by as but or if so we they he she his her them there then than will would
  just all out up about after before one to i'm i'll i've do does did get got me our us an like still never every`.split(
    /\s+/,
  ),
);

/**
 * Detects the language of a text: English when it contains several of the commonest English words.
 *
 * The Finnish model reads English nearly as well as the English model, except short words and the
 * letter I. The English model does not read Finnish. Finnish is therefore the default.
 */
export function languageOf(readings: readonly Reading[]): OcrLanguage {
  const words = readings.flatMap((reading) =>
    reading.words.map(({ text }) => text.toLowerCase().replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '')),
  );
  const hits = words.filter((word) => COMMON_ENGLISH_WORDS.has(word)).length;
  return hits >= 2 && hits >= 0.12 * words.length ? 'eng' : 'fin';
}

/**
 * Confidence from which a word needs no second reading. English words read by the Finnish model
 * need more.
 */
const MIN_SURE_CONFIDENCE = 76;
const MIN_SURE_ENGLISH_CONFIDENCE = 86;
/** Readings of the Finnish model for the English words I, I'm and similar. */
const MISREAD_ENGLISH_I = /^[1Il|!i]$|^[1l|!][''][a-z]{1,2}$|^[IT]m$/u;

/**
 * Tells whether the other model should read a line as well.
 *
 * @param model - language of the model that read it
 * @param language - language of the surrounding text
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

/**
 * Confidence margin of the English model over a Finnish reading with ä or ö. The English model has
 * no ä and ö.
 */
const LOST_DOTS_MARGIN = 25;
/** Confidence margin of the English model without ä and ö, unless the text is English. */
const ENGLISH_MARGIN = 4;

/**
 * Smallest word confidence of the reading with more words. Recognition loses spaces but does not
 * invent them.
 */
const MIN_SPLIT_CONFIDENCE = 60;

const lettersOf = ({ words }: Reading) =>
  words.map(({ text }) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')).join('');

/** Chooses between the Finnish and the English reading of a line. */
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

/** Takes the I's of the English reading into the Finnish one, where both have the same words. */
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
