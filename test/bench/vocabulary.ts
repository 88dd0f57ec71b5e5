/**
 * Sounds to build words from: Finnish ones without vowel harmony, English ones with consonant
 * clusters.
 */
const FINNISH = {
  starts: ['k', 'p', 't', 'l', 'm', 's', 'h', 'v', 'r', 'j', 'n', 'ku', 'ka', 'pu', 'sa'],
  middles: [
    'ala',
    'oir',
    'iss',
    'uuk',
    'aiv',
    'ent',
    'yöt',
    'ääk',
    'öyd',
    'arv',
    'imm',
    'els',
    'oks',
    'eri',
    'ast',
  ],
  ends: ['a', 'i', 'o', 'u', 'e', 'an', 'alla', 'ille', 'oissa', 'inen', 'isto', 'us', 'uri', 'ema', 'ikko'],
};
const ENGLISH = {
  starts: ['b', 'c', 'd', 'f', 'g', 'st', 'tr', 'bl', 'cr', 'sh', 'th', 'gr', 'pl', 'sn', 'w'],
  middles: [
    'ack',
    'ell',
    'ing',
    'ond',
    'urt',
    'eam',
    'oar',
    'ist',
    'ump',
    'ave',
    'ook',
    'igh',
    'orn',
    'ush',
    'erk',
  ],
  ends: ['', 's', 'ed', 'er', 'ing', 'y', 'le', 'ness', 'ly', 'ful', 'ion', 'ment', 'ish', 'able', 'o'],
};

/** Makes `size` different words, half in each language, in a fixed order. */
export function makeVocabulary(size: number): string[] {
  const words = new Set<string>();
  for (let n = 0; words.size < size; n++) {
    const { starts, middles, ends } = n % 2 === 0 ? FINNISH : ENGLISH;
    // Strides with no factor in common with 15 visit every combination in a mixed order.
    const at = Math.floor(n / 2) * 7919;
    const pick = (list: readonly string[], from: number) => list[from % list.length] ?? '';
    const second = at >= 15 ** 3 * 7919 ? pick(middles, Math.floor(at / 15 ** 3)) : '';
    words.add(
      pick(starts, at) + pick(middles, Math.floor(at / 15)) + second + pick(ends, Math.floor(at / 225)),
    );
    if (n > size * 100) throw new Error('These sounds do not make that many words.');
  }
  return [...words];
}
