import { lemmasOf } from './lemmas.ts';
import { isVowel, stemsOf, type Stems } from './stems.ts';

/**
 * Finnish nouns and adjectives in all their cases, as far as their endings tell the type: käsi – kädet, lammas – lampaat,
 * joki – joen. The stemmer of the index knows endings, but not what consonant gradation and the stem types do to the rest of
 * the word. Everything here is in folded letters (ä = a, ö = o), which also spares the vowel harmony.
 *
 * The types and the gradation are those of any grammar, such as https://scripta.kotus.fi/visk/sisallys.php?p=41 and p=65. What a
 * word may be is guessed generously: a form that does not exist finds nothing.
 */

/** Written by Finns or not at all Finnish: other words have other inflections. */
const FOREIGN_SPELLING = /[cqwxz\d]|[^a-z]|sh|th|ck/;
const TRIPLE_VOWEL = /([aeiouy])\1\1/;
/** No noun has a single short vowel. */
const TWO_VOWELS = /[aeiouy].*[aeiouy]/;
const MAX_WORD_LETTERS = 24;
const MOST_FORMS = 200;

/** Every form of every noun that the folded word may be a form of, without the word itself. */
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

/** Whether an apostrophe stands for a k between its three vowels: vaa'an of vaaka. */
function hasOmittedK(form: string, forms: readonly string[]): boolean {
  const strong = form.replace(/^(.*?)([aeiouy])\2\2.*$/, '$1$2$2k$2');
  return forms.some((other) => other.startsWith(strong));
}

/** Whether the word begins as one of the stems does, but for the last vowel: cheaper than making all its forms. */
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

/** Essive, partitive and illative: kissana kissaa kissaan, maana maata maahan, lampaana lampaaseen; and whose it is: kissani. */
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

/** Of a stem in -i: koirina koiria koirien koiriin, taloina taloja talojen taloihin, lampaita lampaiden lampaisiin. */
function strongPlural(stem: string): string[] {
  const before = stem.slice(0, -1);
  if (!isVowel(before.at(-1) ?? '')) return [`${stem}na`, `${stem}a`, `${stem}en`, `${stem}in`];
  return [`${stem}na`, `${before}ja`, `${before}jen`, `${stem}ta`, `${stem}den`, `${stem}hin`, `${stem}siin`];
}
