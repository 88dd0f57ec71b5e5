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

/** Captions of memes, each in two lines. Some differ from another in one word only. */
const CAPTIONS = [
  ['KUN MAANANTAI', 'ALKAA TAAS'],
  ['KUN PERJANTAI', 'ALKAA TAAS'],
  ['WHEN THE CODE', 'WORKS AT LAST'],
  ['WHEN THE CODE', 'BREAKS AT LAST'],
  ['THE MEETING COULD HAVE BEEN', 'AN EMAIL INSTEAD OF THIS'],
  ['I WILL SLEEP WHEN', 'THE BUILD IS GREEN'],
  ['AAMUKAHVI ENNEN', 'KAIKKEA MUUTA'],
  ['IT IS 3 IN THE MORNING', 'AND I FOUND IT'],
] as const;

interface Labelled {
  hashes: Uint8Array[];
  text: string;
}

/** Figures of a labelled set. Counts are of pairs. */
export interface Figures {
  /**
   * Pairs of a picture and its copy, by the way in which it was saved; `found` as the same meme.
   */
  copies: ReadonlyMap<SavedAgain, { pairs: number; found: number }>;
  /** Pairs of one template with other words, found as the same meme. */
  otherWords: { pairs: number; wrong: number; alike: number };
  /** Pairs of unrelated pictures that are alike by their hashes alone. */
  unrelated: { pairs: number; wrong: number };
}

/** Makes a labelled set of `templates` templates and returns how well they are told apart. */
export async function measureLabelledSet(templates: number): Promise<Figures> {
  const random = randomOf(2024);
  const copies = new Map(SAVED_AGAIN.map((way) => [way, { pairs: 0, found: 0 }]));
  const otherWords = { pairs: 0, wrong: 0, alike: 0 };
  const originals: Labelled[] = [];
  for (let seed = 0; seed < templates; seed++) {
    const template = await makeTemplate(seed);
    const caption = CAPTIONS[seed % CAPTIONS.length] ?? CAPTIONS[0];
    const other = CAPTIONS[(seed + 1 + (seed >> 3)) % CAPTIONS.length] ?? CAPTIONS[1];
    const picture = await writeMeme(template, caption[0], caption[1]);
    const original = { hashes: await hashesOf(picture), text: misread(caption.join(' '), random) };
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
  let [pairs, wrong] = [0, 0];
  for (const [i, one] of all.entries())
    for (const other of all.slice(0, i)) {
      pairs += 1;
      if (isAlike(one, other)) wrong += 1;
    }
  return { pairs, wrong };
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
