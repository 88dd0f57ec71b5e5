import { strengthened, weakened } from './gradation.ts';

/**
 * Case endings, longest first. Endings that only lengthen the last vowel of the stem are not
 * listed.
 */
const ENDINGS =
  'siin seen iden tten hin jen ssa sta lla lta lle ksi den tta ten ien ia ja na ta en in n t a'.split(' ');

/**
 * Returns the possible basic forms of a word. Most are wrong; the forms of a wrong one do not
 * contain the word.
 */
export function lemmasOf(word: string): Set<string> {
  const lemmas = new Set<string>();
  const addStem = (stem: string) => {
    for (const lemma of fromSingular(stem)) lemmas.add(lemma);
    for (const lemma of fromPlural(stem)) lemmas.add(lemma);
  };
  for (const ending of ENDINGS) {
    if (!word.endsWith(ending)) continue;
    const stem = word.slice(0, -ending.length);
    if (stem.length < 1) continue;
    addStem(stem);
    // The endings -ja -jen -ia -ien contain the plural i. The endings -an -en … lengthen the last
    // vowel of the stem.
    if (/^[ij]/.test(ending)) addStem(`${stem}i`);
    if (stem.at(-1) === stem.at(-2)) addStem(stem.slice(0, -1));
    if (/h[aeiouy]$/.test(stem)) addStem(stem.slice(0, -2));
    // Partitives of a consonant stem: kättä, kieltä, lunta, naista.
    if (ending === 'ta' || ending === 'tta' || ending === 'ten')
      for (const lemma of fromConsonant(stem)) lemmas.add(lemma);
  }
  if (/^koto(na|a)$/.test(word)) lemmas.add('koti');
  return lemmas;
}

const fromConsonant = (stem: string) => [
  stem,
  `${stem}i`,
  `${stem}si`,
  `${stem.slice(0, -1)}si`,
  `${stem.slice(0, -1)}mi`,
  `${stem.slice(0, -1)}nen`,
  `${stem.slice(0, -1)}psi`,
  `${stem}s`,
];

function fromSingular(stem: string): string[] {
  const cut = (letters: number) => stem.slice(0, -letters);
  const lemmas = [...strengthened(stem)];
  if (!stem.endsWith('e')) {
    if (/(aa|ii|oo|uu|yy)$/.test(stem))
      lemmas.push(...weakened(cut(1)).flatMap((weak) => [`${weak}s`, `${weak}t`]), `${cut(1)}s`);
    if (stem.endsWith('ttoma')) lemmas.push(`${cut(5)}ton`);
    if (stem.endsWith('i')) lemmas.push(cut(1));
    return lemmas;
  }
  lemmas.push(...strengthened(stem).map((strong) => `${strong.slice(0, -1)}i`));
  if (stem.endsWith('kse')) lemmas.push(`${cut(3)}s`);
  if (stem.endsWith('se')) lemmas.push(`${cut(2)}nen`);
  if (/[uy][dt]e$/.test(stem)) lemmas.push(`${cut(2)}s`);
  if (/(de|te|nne|rre|lle)$/.test(stem)) lemmas.push(`${cut(2)}si`);
  if (/h[dt]e$/.test(stem)) lemmas.push(`${cut(3)}ksi`);
  if (stem.endsWith('me')) lemmas.push(`${cut(2)}n`);
  if (stem.endsWith('ee')) lemmas.push(cut(1), ...weakened(cut(1)));
  if (stem.endsWith('nee')) lemmas.push(`${cut(2)}ut`, `${cut(2)}yt`);
  if (/[uy]e$/.test(stem)) lemmas.push(`${cut(1)}t`);
  if (/[lrn]e$/.test(stem))
    lemmas.push(cut(1), ...weakened(cut(2)).map((weak) => weak + (stem.at(-2) ?? '')));
  if (stem === 'miehe') lemmas.push('mies');
  return lemmas;
}

/** Returns the basic forms of a stem that ends in the plural i. */
function fromPlural(stem: string): string[] {
  if (!stem.endsWith('i')) return [];
  const rest = stem.slice(0, -1);
  const before = rest.slice(0, -1);
  const last = rest.at(-1) ?? '';
  switch (last) {
    case 'o':
      return [...strengthened(`${before}a`), ...strengthened(rest), `${rest}o`, `${before}uo`, `${before}yo`];
    case 'a':
      return [`${rest}a`, ...fromSingular(`${rest}a`)];
    case 'e':
      return [
        ...strengthened(`${before}i`),
        `${before}ie`,
        before,
        ...fromSingular(`${rest}e`),
        ...strengthened(rest),
      ];
    case 'u':
    case 'y':
      return [rest + last, ...strengthened(rest)];
    default:
      return [...strengthened(`${rest}a`), stem, ...fromSingular(`${rest}e`)];
  }
}
