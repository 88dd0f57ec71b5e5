/**
 * Finnish nouns and adjectives in all their cases, as far as their endings tell the type: käsi – kädet, lammas – lampaat,
 * joki – joen. The stemmer of the index knows endings, but not what consonant gradation and the stem types do to the rest of
 * the word. Everything here is in folded letters (ä = a, ö = o), which also spares the vowel harmony.
 *
 * The types and the gradation are those of any grammar, such as https://scripta.kotus.fi/visk/sisallys.php?p=41 and p=65. What a
 * word may be is guessed generously: a form that does not exist finds nothing.
 */

/** Singular stem as in the genitive, as in the essive, the plural stem (in -i) of both kinds, and forms of their own. */
interface Stems {
  weak: readonly string[];
  strong: readonly string[];
  pluralWeak: readonly string[];
  pluralStrong: readonly string[];
  own?: readonly string[];
}

const VOWEL = 'aeiouy';
/** Written by Finns or not at all Finnish: other words have other inflections. */
const FOREIGN = /[cqwxz\d]|[^a-z]|sh|th|ck/;
const TRIPLE = /([aeiouy])\1\1/;
/** No noun has a single short vowel. */
const NOUN = /[aeiouy].*[aeiouy]/;
const LONGEST = 24;
const MOST_FORMS = 200;

/** Every form of every noun that the folded word may be a form of, without the word itself. */
export function finnishForms(word: string): string[] {
  if (word.length < 2 || word.length > LONGEST || FOREIGN.test(word)) return [];
  const forms = new Set<string>();
  for (const lemma of lemmasOf(word)) {
    if (!NOUN.test(lemma)) continue;
    for (const stems of stemsOf(lemma)) {
      if (!mayBe(word, stems)) continue;
      const its = formsOf(stems);
      if (its.has(word)) for (const form of [lemma, ...its]) forms.add(form);
    }
  }
  for (const stems of stemsOf(word)) for (const form of formsOf(stems)) forms.add(form);
  forms.delete(word);
  return [...forms].filter((form) => !TRIPLE.test(form)).slice(0, MOST_FORMS);
}

/** Whether the word begins as one of the stems does, but for the last vowel: cheaper than making all its forms. */
const mayBe = (word: string, { weak, strong, pluralWeak, pluralStrong, own = [] }: Stems) =>
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

const isVowel = (letter: string) => letter !== '' && VOWEL.includes(letter);

/** Essive, partitive and illative: kissana kissaa kissaan, maana maata maahan, lampaana lampaaseen. */
function strongSingular(stem: string): string[] {
  const last = stem.at(-1) ?? '';
  if (!isVowel(stem.at(-2) ?? '')) return [`${stem}na`, `${stem}a`, `${stem + last}n`];
  return [`${stem}na`, `${stem}a`, `${stem}ta`, `${stem + last}n`, `${stem}h${last}n`, `${stem}seen`];
}

/** Of a stem in -i: koirina koiria koirien koiriin, taloina taloja talojen taloihin, lampaita lampaiden lampaisiin. */
function strongPlural(stem: string): string[] {
  const before = stem.slice(0, -1);
  if (!isVowel(before.at(-1) ?? '')) return [`${stem}na`, `${stem}a`, `${stem}en`, `${stem}in`];
  return [`${stem}na`, `${before}ja`, `${before}jen`, `${stem}ta`, `${stem}den`, `${stem}hin`, `${stem}siin`];
}

/** The stems of a word in its basic form, one set for every type it may be of. */
function stemsOf(word: string): Stems[] {
  const cut = (letters: number) => word.slice(0, -letters);
  const last = word.at(-1) ?? '';
  /** One stem in all of the singular and one in all of the plural. */
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
  if (word === 'mies') return [even('miehe', 'miehi', 'miesta', 'miesten')];

  // maa, puu, tie, yö: one syllable, and the same ones at the end of longer words (perjantai).
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

/** Strong and weak grade of the consonants before the last vowel; one that weakens in two ways is listed twice. */
const GRADES: readonly (readonly [strong: string, weak: string])[] = [
  ...(['lt ll', 'nt nn', 'rt rr', 'mp mm', 'nk ng', 'ht hd', 'lp lv', 'rp rv', 't d', 'p v'] as const),
  ...(['lk l', 'lk lj', 'rk r', 'rk rj', 'hk h', 'hk hj'] as const),
].map((pair) => {
  const [strong = '', weak = ''] = pair.split(' ');
  return [strong, weak] as const;
});

/** The consonants between the last two vowels, what is before and after them; the i of the plural counts as after. */
function grading(stem: string): { start: string; middle: string; end: string } | null {
  const plural = /^(.*[aeiouy])([^aeiouy]+)([aeouy]i)$/.exec(stem);
  const [, start = '', middle = '', end = ''] =
    plural ?? /^(.*[aeiouy])([^aeiouy]*)([aeiouy])$/.exec(stem) ?? [];
  return start === '' ? null : { start, middle, end };
}

/** katu → kadu, joki → joi, poika → poja, puku → puvu, kauppa → kaupa; and katu, for loans do not weaken: auto → auto. */
function weakened(stem: string): string[] {
  const found = grading(stem);
  if (!found) return [stem];
  const { start, middle, end } = found;
  if (/(kk|pp|tt)$/.test(middle)) return [start + middle.slice(0, -1) + end];
  const weak = GRADES.flatMap(([from, to]) => (middle === from ? [start + to + end] : []));
  if (middle === 'k') {
    weak.push(start + end);
    if (/[aeo]i$/.test(start)) weak.push(`${start.slice(0, -1)}j${end}`);
    if (/[uy]$/.test(start) && start.at(-1) === end) weak.push(`${start}v${end}`);
  }
  return middle.length === 1 || weak.length === 0 ? [...weak, stem] : weak;
}

/** The other way round: kadu → katu, sate → satte. Always the word itself too, for the weak grade does not show. */
function strengthened(stem: string): string[] {
  const found = grading(stem);
  if (!found) return [stem];
  const { start, middle, end } = found;
  const strong = GRADES.flatMap(([to, from]) => (middle === from ? [start + to + end] : []));
  if (/[kpt]$/.test(middle) && !/(kk|pp|tt)$/.test(middle))
    strong.push(start + middle + middle.slice(-1) + end);
  if (middle === '' && start.at(-1) !== end) strong.push(`${start}k${end}`);
  if (middle === 'j') strong.push(`${start}ik${end}`);
  if (middle === 'v' && /[uy]$/.test(start) && start.at(-1) === end) strong.push(`${start}k${end}`);
  return [stem, ...strong];
}

/** Endings of the cases, the longest first, without those that only lengthen the stem's last vowel. */
const ENDINGS =
  'siin seen iden tten hin jen ssa sta lla lta lle ksi den tta ten ien ia ja na ta en in n t a'.split(' ');

/** Basic forms the word may belong to; most are wrong, and their forms then do not contain the word. */
function lemmasOf(word: string): Set<string> {
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
    // -ja -jen -ia -ien take the i of the plural with them; -an -en … lengthen the stem.
    if (/^[ij]/.test(ending)) addStem(`${stem}i`);
    if (stem.at(-1) === stem.at(-2)) addStem(stem.slice(0, -1));
    if (/h[aeiouy]$/.test(stem)) addStem(stem.slice(0, -2));
    // Partitives of a consonant stem: kättä, kieltä, lunta, naista.
    if (ending === 'ta' || ending === 'tta' || ending === 'ten')
      for (const lemma of fromConsonant(stem)) lemmas.add(lemma);
  }
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

/** Of a stem that ends in the i of the plural. */
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
