import { weakened, strengthened } from './gradation.ts';

/**
 * Stems of a noun: weak as in the genitive, strong as in the essive.
 *
 * The plural stems end in -i and are of both kinds. Irregular forms are in `own`.
 */
export interface Stems {
  weak: readonly string[];
  strong: readonly string[];
  pluralWeak: readonly string[];
  pluralStrong: readonly string[];
  own?: readonly string[];
}

const VOWEL = 'aeiouy';

/** Tells whether a folded letter is a vowel. */
export const isVowel = (letter: string) => letter !== '' && VOWEL.includes(letter);

/** Returns the stems of a word in its basic form, one set for every possible type. */
export function stemsOf(word: string): Stems[] {
  const cut = (letters: number) => word.slice(0, -letters);
  const last = word.at(-1) ?? '';
  /** Builds stems without gradation: one for the singular, one for the plural. */
  const even = (stem: string, plural: string, ...own: string[]): Stems => ({
    weak: [stem],
    strong: [stem],
    pluralWeak: [plural],
    pluralStrong: [plural],
    own,
  });
  const graded = (stem: string, plurals: string[], ...own: string[]): Stems => ({
    weak: weakened(stem),
    strong: [stem],
    pluralWeak: plurals.flatMap(weakened),
    pluralStrong: plurals,
    own,
  });
  if (!/[aeiouy]/.test(word)) return [];
  if (word === 'koti')
    return [
      {
        weak: ['kodi'],
        strong: ['koti'],
        pluralWeak: ['kodei'],
        pluralStrong: ['kotei'],
        own: ['kotona', 'kotoa'],
      },
    ];
  if (word === 'mies') return [even('miehe', 'miehi', 'miesta', 'miesten')];

  // maa, puu, tie, yö: one syllable, and the same ending of longer words (perjantai).
  const long = /^(.*?)(aa|ee|ii|oo|uu|yy|ie|uo|yo|ai|oi|ei|ui)$/.exec(word);
  if (long) {
    const [, start = '', vowels = ''] = long;
    const plural = start + (LONG_PLURALS[vowels] ?? vowels);
    return [even(word, plural), ...(last === 'i' ? [graded(cut(1) + 'j', [])] : [])];
  }
  switch (last) {
    case 'a':
      return [graded(word, [`${cut(1)}oi`, `${cut(1)}i`])];
    case 'o':
    case 'u':
    case 'y':
      return [graded(word, [`${word}i`])];
    case 'i': {
      const stem = cut(1);
      const all = [
        graded(word, [`${stem}ei`]),
        graded(`${stem}e`, [word], ...(/[lnr]$/.test(stem) ? [`${stem}ta`] : [])),
      ];
      if (stem.endsWith('m')) all.push(even(`${stem}e`, word, `${cut(2)}nta`));
      if (stem.endsWith('ks')) all.push(graded(`${cut(3)}hte`, [word], `${cut(3)}hta`));
      else if (/[psk]s$|ts$/.test(stem)) all.push(even(`${stem}e`, word, `${cut(3)}sta`, `${cut(3)}sten`));
      else if (stem.endsWith('s'))
        all.push(graded(`${cut(2)}te`, [], `${cut(2)}tta`), even(`${cut(2)}te`, word));
      return all;
    }
    case 'e':
      return [
        graded(word, [`${word}i`]),
        ...strengthened(word).map((stem) => even(`${stem}e`, `${stem}i`, `${word}tta`)),
      ];
    case 's': {
      const stem = cut(1);
      const vowel = stem.at(-1) ?? '';
      if (!isVowel(vowel)) return [];
      const all = [even(`${stem}kse`, `${stem}ksi`, `${word}ta`, `${word}ten`)];
      if ('uy'.includes(vowel))
        all.push(even(`${stem}de`, `${stem}ksi`, `${stem}tta`, `${stem}teen`, `${stem}tena`));
      else
        all.push(
          ...strengthened(stem).map((strong) =>
            even(strong + vowel, `${strong}i`, `${word}ta`, `${word}ten`),
          ),
        );
      return all;
    }
    case 'n': {
      if (word.length > 4 && word.endsWith('nen'))
        return [even(`${cut(3)}se`, `${cut(3)}si`, `${cut(3)}sta`, `${cut(3)}sten`)];
      if (word.endsWith('ton')) return [even(`${cut(3)}ttoma`, `${cut(3)}ttomi`, `${word}ta`)];
      return [
        even(`${cut(1)}me`, `${cut(1)}mi`, `${word}ta`, `${word}ten`),
        even(`${word}e`, `${word}i`, `${word}ta`),
      ];
    }
    case 'l':
    case 'r':
      return strengthened(cut(1)).map((stem) =>
        even(`${stem + last}e`, `${stem + last}i`, `${word}ta`, `${word}ten`),
      );
    case 't': {
      if (/n[uy]t$/.test(word)) return [even(`${cut(2)}ee`, `${cut(2)}ei`, `${word}ta`)];
      if (/[uy]t$/.test(word)) return [even(`${cut(1)}e`, `${cut(1)}i`, `${word}ta`)];
      return /[^a]at$/.test(word) ? [even(`${cut(1)}a`, `${cut(1)}i`, `${word}ta`)] : [];
    }
    default:
      // A foreign word or a name takes an i: Facebook – Facebookin.
      return [even(`${word}i`, `${word}ei`)];
  }
}

const LONG_PLURALS: Record<string, string> = {
  aa: 'ai',
  ee: 'ei',
  ii: 'ii',
  oo: 'oi',
  uu: 'ui',
  yy: 'yi',
  ie: 'ei',
  uo: 'oi',
  yo: 'oi',
};
