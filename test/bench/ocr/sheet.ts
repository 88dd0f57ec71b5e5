import sharp, { type Sharp } from 'sharp';
import { PHRASES, type Language, type PhraseSet } from './phrases.ts';
import type { Random } from './random.ts';
import { drawParagraph, facesOf, type Face, type Lettering } from './type.ts';

/** One picture being drawn: its random source, phrases, fonts, and the text written so far. */
export interface Sheet {
  random: Random;
  set: PhraseSet;
  language: Language;
  said: string[];
  caption(): string;
  sentence(): string;
  name(): string;
  face(face: Face): string;
}

export const svgOf = (width: number, height: number, body: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`);

export function createSheet(random: Random, set: PhraseSet, language: Language): Sheet {
  const phrases = PHRASES[set][language];
  return {
    random,
    set,
    language,
    said: [],
    caption: () => random.pick(phrases.captions),
    sentence: () => random.pick(phrases.sentences),
    name: () => random.pick(phrases.names),
    face: (face) => random.pick(facesOf(set, face)),
  };
}

/** Draws a text and records it as expected. */
export function say(sheet: Sheet, text: string, box: Parameters<typeof drawParagraph>[1], style: Lettering) {
  sheet.said.push(text);
  return drawParagraph(text, box, style);
}

export async function jpeg(image: Sharp, quality: number): Promise<Buffer> {
  return image.jpeg({ quality: Math.round(quality) }).toBuffer();
}

/** Composes drawn shapes onto a scene. */
export async function over(scene: Sharp, width: number, height: number, body: string): Promise<Sharp> {
  const flat = await scene.png({ compressionLevel: 1 }).toBuffer();
  const { data } = await sharp(flat)
    .composite([{ input: svgOf(width, height, body) }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A corpus picture as a file. */
export interface Drawn {
  extension: 'jpg' | 'png' | 'gif';
  bytes: Buffer;
}

export type Draw = (sheet: Sheet) => Promise<Drawn>;

export const colourOf = (random: Random) =>
  `rgb(${random.int(30, 230)},${random.int(30, 230)},${random.int(30, 230)})`;

/** Picks dark letters on a light background or the reverse, both coloured. */
export function colourPair(random: Random): { back: string; ink: string } {
  const hue = random.int(0, 359);
  const other = (hue + random.int(90, 270)) % 360;
  return random.chance(0.6)
    ? {
        back: `hsl(${hue},${random.int(30, 90)}%,${random.int(72, 90)}%)`,
        ink: `hsl(${other},${random.int(30, 90)}%,${random.int(8, 24)}%)`,
      }
    : {
        back: `hsl(${hue},${random.int(30, 80)}%,${random.int(16, 32)}%)`,
        ink: `hsl(${other},${random.int(40, 95)}%,${random.int(76, 92)}%)`,
      };
}
