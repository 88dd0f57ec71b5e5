import sharp from 'sharp';
import { MAX_ALIKE_DISTANCE } from '../../../app/media/alike/alike.limits.ts';
import {
  brightnessOf,
  distanceOf,
  mirroredHash,
  perceptualHashes,
} from '../../../app/media/alike/perceptual-hash.shared.ts';
import { comparedWords, compareWords } from '../../../app/media/alike/words.ts';
import { saveAgain, SAVED_AGAIN, type SavedAgain } from './saved-again.ts';
import { randomOf, type Random } from './seeded.ts';
import { makeTemplate, writeMeme } from './templates.ts';

/**
 * Captions of memes, each in two lines. Some differ from another in one word only. Rules are tuned
 * on `tune`, and no rule has seen `report`.
 */
const CAPTIONS = {
  tune: [
    ['KUN MAANANTAI', 'ALKAA TAAS'],
    ['KUN PERJANTAI', 'ALKAA TAAS'],
    ['WHEN THE CODE', 'WORKS AT LAST'],
    ['WHEN THE CODE', 'BREAKS AT LAST'],
    ['THE MEETING COULD HAVE BEEN', 'AN EMAIL INSTEAD OF THIS'],
    ['I WILL SLEEP WHEN', 'THE BUILD IS GREEN'],
    ['AAMUKAHVI ENNEN', 'KAIKKEA MUUTA'],
    ['IT IS 3 IN THE MORNING', 'AND I FOUND IT'],
  ],
  report: [
    ['OLISI PITÄNYT', 'JÄÄDÄ KOTIIN'],
    ['OLISI PITÄNYT', 'LÄHTEÄ KOTIIN'],
    ['MY CAT AT NOON', 'MY CAT AT MIDNIGHT'],
    ['MY DOG AT NOON', 'MY DOG AT MIDNIGHT'],
    ['NOBODY TOLD ME', 'THERE WOULD BE A SECOND PART'],
    ['KAHVI LOPPUI', 'JA KOKOUS ALKOI'],
    ['BUS 42 IS LATE', 'AGAIN AND IT RAINS'],
    ['BUS 43 IS LATE', 'AGAIN AND IT RAINS'],
  ],
} as const;
/** Templates of `report` come after so many others. */
const FIRST_REPORTED = 10_000;

interface Labelled {
  hashes: Uint8Array[];
  text: string;
  scene?: string | null;
}

/** Figures of a labelled set. Counts are of pairs. */
export interface Figures {
  /**
   * Pairs of a picture and its copy, by the way in which it was saved; `found` as the same meme.
   */
  copies: ReadonlyMap<SavedAgain, { pairs: number; found: number }>;
  /** Pairs of one template with other words, found as the same meme. */
  otherWords: { pairs: number; wrong: number; alike: number };
  /**
   * Pairs of unrelated pictures that are alike by their hashes alone. Drawings of one scene behind
   * other objects are no such pairs; so many of those are alike.
   */
  unrelated: { pairs: number; wrong: number; sameScene: number };
}

/** Makes a labelled set of `templates` templates and returns how well they are told apart. */
export async function measureLabelledSet(
  templates: number,
  set: keyof typeof CAPTIONS = 'tune',
): Promise<Figures> {
  const random = randomOf(set === 'tune' ? 2024 : 77);
  const captions = CAPTIONS[set];
  const first = set === 'tune' ? 0 : FIRST_REPORTED;
  const copies = new Map(SAVED_AGAIN.map((way) => [way, { pairs: 0, found: 0 }]));
  const otherWords = { pairs: 0, wrong: 0, alike: 0 };
  const originals: Labelled[] = [];
  for (let seed = first; seed < first + templates; seed++) {
    const template = await makeTemplate(seed);
    const caption = captions[seed % captions.length] ?? captions[0];
    const other = captions[(seed + 1 + (seed >> 3)) % captions.length] ?? captions[1];
    const picture = await writeMeme(template, caption[0], caption[1]);
    const original = {
      hashes: await hashesOf(picture),
      text: misread(caption.join(' '), random),
      scene: template.scene,
    };
    originals.push(original);
    for (const way of SAVED_AGAIN) {
      const hashes = await hashesOf(await saveAgain(picture, way, random));
      const mark = way === 'watermark' ? ' memes.example' : '';
      const copy = { hashes, text: misread(caption.join(' ') + mark, random) };
      const count = copies.get(way);
      if (!count) throw new Error(way);
      count.pairs += 1;
      if (isSameMeme(original, copy)) count.found += 1;
    }
    if (other === caption) continue;
    const hashes = await hashesOf(await writeMeme(template, other[0], other[1]));
    const changed = { hashes, text: misread(other.join(' '), random) };
    otherWords.pairs += 1;
    if (isAlike(original, changed)) otherWords.alike += 1;
    if (isSameMeme(original, changed)) otherWords.wrong += 1;
  }
  return { copies, otherWords, unrelated: unrelatedPairs(originals) };
}

function unrelatedPairs(all: readonly Labelled[]): Figures['unrelated'] {
  const count = { pairs: 0, wrong: 0, sameScene: 0 };
  for (const [i, one] of all.entries())
    for (const other of all.slice(0, i)) {
      const isSameScene = typeof one.scene === 'string' && one.scene === other.scene;
      if (!isSameScene) count.pairs += 1;
      if (isAlike(one, other)) count[isSameScene ? 'sameScene' : 'wrong'] += 1;
    }
  return count;
}

async function hashesOf(picture: Buffer): Promise<Uint8Array[]> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  return perceptualHashes(brightnessOf({ data, ...info }));
}

const isAlike = (one: Labelled, other: Labelled): boolean =>
  one.hashes.some((hash) =>
    [hash, mirroredHash(hash)].some((turned) =>
      other.hashes.some((there) => distanceOf(turned, there) <= MAX_ALIKE_DISTANCE),
    ),
  );

const isSameMeme = (one: Labelled, other: Labelled): boolean =>
  isAlike(one, other) && compareWords(comparedWords(one.text), comparedWords(other.text)) !== 'no';

/**
 * Returns words as text recognition reads them. One letter in eighty is another, and one word in
 * sixty is lost. Sometimes there is a word of noise.
 */
function misread(text: string, random: Random): string {
  const words = text
    .split(' ')
    .filter(() => random() > 1 / 60)
    .map((word) => word.replace(/\p{L}/gu, (letter) => (random() < 1 / 80 ? 'l' : letter)));
  return [...words, ...(random() < 0.15 ? ['ii'] : [])].join(' ');
}
