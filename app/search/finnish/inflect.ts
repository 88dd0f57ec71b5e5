import { lemmasOf } from './lemmas.ts';
import { isVowel, stemsOf, type Stems } from './stems.ts';

/**
 * Inflects Finnish nouns and adjectives in all cases, as far as their endings tell the type.
 * Examples: käsi – kädet, lammas – lampaat, joki – joen.
 *
 * The stemmer of the index knows endings. It does not know the effects of consonant gradation and
 * stem types. All words here are folded (ä = a, ö = o), so vowel harmony does not matter.
 *
 * Types and gradation follow the standard grammar: https://scripta.kotus.fi/visk/sisallys.php?p=41
 * and p=65. The guesses are generous, because a form that does not exist finds nothing.
 */

/** Spelling of words that are not Finnish. Other words have other inflections. */
const FOREIGN_SPELLING = /[cqwxz\d]|[^a-z]|sh|th|ck/;
const TRIPLE_VOWEL = /([aeiouy])\1\1/;
/** Every noun has at least two vowels or a long one. */
const TWO_VOWELS = /[aeiouy].*[aeiouy]/;
const MAX_WORD_LETTERS = 24;
const MOST_FORMS = 200;

/**
 * Returns every form of every noun that the folded word may be a form of, without the word itself.
 */
export function finnishForms(word: string): string[] {
  if (word.length < 2 || word.length > MAX_WORD_LETTERS || FOREIGN_SPELLING.test(word)) return [];
  const forms = new Set<string>();
  for (const lemma of lemmasOf(word)) {
    if (!TWO_VOWELS.test(lemma)) continue;
    for (const stems of stemsOf(lemma)) {
      if (!mayBelongTo(word, stems)) continue;
      const its = formsOf(stems);
      if (its.has(word)) for (const form of [lemma, ...its]) forms.add(form);
    }
  }
  for (const stems of stemsOf(word)) for (const form of formsOf(stems)) forms.add(form);
  forms.delete(word);
  return [...forms]
    .filter((form) => !TRIPLE_VOWEL.test(form) || hasOmittedK(form, [word, ...forms]))
    .slice(0, MOST_FORMS);
}

/** Tells whether an apostrophe replaces a k between three vowels: vaa'an from vaaka. */
function hasOmittedK(form: string, forms: readonly string[]): boolean {
  const strong = form.replace(/^(.*?)([aeiouy])\2\2.*$/, '$1$2$2k$2');
  return forms.some((other) => other.startsWith(strong));
}

/**
 * Tells whether the word starts like one of the stems, apart from the last vowel. This is cheaper
 * than all its forms.
 */
const mayBelongTo = (word: string, { weak, strong, pluralWeak, pluralStrong, own = [] }: Stems) =>
  own.includes(word) ||
  [weak, strong, pluralWeak, pluralStrong].some((stems) =>
    stems.some((stem) => word.startsWith(stem.slice(0, -1))),
  );

function formsOf(stems: Stems): Set<string> {
  const forms = new Set<string>(stems.own);
  for (const stem of stems.weak)
    for (const end of ['n', 't', 'ssa', 'sta', 'lla', 'lta', 'lle', 'ksi']) forms.add(stem + end);
  for (const stem of stems.strong) for (const form of strongSingular(stem)) forms.add(form);
  for (const stem of stems.pluralWeak)
    for (const end of ['ssa', 'sta', 'lla', 'lta', 'lle', 'ksi']) forms.add(stem + end);
  for (const stem of stems.pluralStrong) for (const form of strongPlural(stem)) forms.add(form);
  return forms;
}

/**
 * Returns essive, partitive, illative and possessive forms of a singular stem: kissana kissaa
 * kissaan kissani, maana maata maahan, lampaana lampaaseen.
 */
function strongSingular(stem: string): string[] {
  const owned = ['ni', 'si', 'mme', 'nne', 'nsa'].map((end) => stem + end);
  const last = stem.at(-1) ?? '';
  if (!isVowel(stem.at(-2) ?? '')) return [`${stem}na`, `${stem}a`, `${stem + last}n`, ...owned];
  return [
    `${stem}na`,
    `${stem}a`,
    `${stem}ta`,
    `${stem + last}n`,
    `${stem}h${last}n`,
    `${stem}seen`,
    ...owned,
  ];
}

/**
 * Returns the forms of a plural stem in -i: koirina koiria koirien koiriin, taloina taloja talojen
 * taloihin, lampaita lampaiden lampaisiin.
 */
function strongPlural(stem: string): string[] {
  const before = stem.slice(0, -1);
  if (!isVowel(before.at(-1) ?? '')) return [`${stem}na`, `${stem}a`, `${stem}en`, `${stem}in`];
  return [`${stem}na`, `${before}ja`, `${before}jen`, `${stem}ta`, `${stem}den`, `${stem}hin`, `${stem}siin`];
}
