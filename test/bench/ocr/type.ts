import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import opentype, { type Font, type Glyph } from 'opentype.js';
import type { PhraseSet } from './phrases.ts';

/** Roles of fonts in memes. Each set of the corpus has separate fonts for most roles. */
export type Face = 'impact' | 'sans' | 'sansBold' | 'black' | 'comic' | 'serif';

const FACES: Record<PhraseSet, Record<Face, readonly string[]>> = {
  tune: {
    impact: ['anton/anton-latin-400-normal', 'oswald/oswald-latin-700-normal'],
    sans: [
      'roboto/roboto-latin-400-normal',
      'open-sans/open-sans-latin-400-normal',
      'lato/lato-latin-400-normal',
    ],
    sansBold: ['roboto/roboto-latin-700-normal', 'open-sans/open-sans-latin-700-normal'],
    black: ['archivo-black/archivo-black-latin-400-normal', 'roboto/roboto-latin-900-normal'],
    comic: ['comic-neue/comic-neue-latin-700-normal', 'bangers/bangers-latin-400-normal'],
    serif: ['merriweather/merriweather-latin-400-normal'],
  },
  report: {
    impact: [
      'anton/anton-latin-400-normal',
      'league-gothic/league-gothic-latin-400-normal',
      'passion-one/passion-one-latin-700-normal',
    ],
    sans: [
      'inter/inter-latin-400-normal',
      'fira-sans/fira-sans-latin-400-normal',
      'noto-sans/noto-sans-latin-400-normal',
      'source-sans-3/source-sans-3-latin-400-normal',
    ],
    sansBold: ['inter/inter-latin-700-normal', 'montserrat/montserrat-latin-600-normal'],
    black: ['montserrat/montserrat-latin-900-normal', 'inter/inter-latin-900-normal'],
    comic: [
      'luckiest-guy/luckiest-guy-latin-400-normal',
      'patrick-hand/patrick-hand-latin-400-normal',
      'comic-neue/comic-neue-latin-700-normal',
    ],
    serif: ['merriweather/merriweather-latin-700-normal', 'noto-sans/noto-sans-latin-500-normal'],
  },
  wild: {
    impact: [
      'bebas-neue/bebas-neue-latin-400-normal',
      'lilita-one/lilita-one-latin-400-normal',
      'roboto-condensed/roboto-condensed-latin-900-normal',
    ],
    sans: [
      'arimo/arimo-latin-400-normal',
      'poppins/poppins-latin-400-normal',
      'ubuntu/ubuntu-latin-400-normal',
      'nunito/nunito-latin-400-normal',
      'ibm-plex-sans/ibm-plex-sans-latin-400-normal',
    ],
    sansBold: [
      'arimo/arimo-latin-700-normal',
      'poppins/poppins-latin-600-normal',
      'ubuntu/ubuntu-latin-700-normal',
    ],
    black: ['poppins/poppins-latin-900-normal', 'nunito/nunito-latin-900-normal'],
    comic: [
      'comic-relief/comic-relief-latin-400-normal',
      'comic-relief/comic-relief-latin-700-normal',
      'permanent-marker/permanent-marker-latin-400-normal',
    ],
    serif: ['tinos/tinos-latin-400-normal', 'tinos/tinos-latin-700-normal'],
  },
};

const require = createRequire(import.meta.url);
const loaded = new Map<string, Font>();

/** Loads a font of the fontsource packages, by its file name below `@fontsource/`. */
export function loadFont(name: string): Font {
  const known = loaded.get(name);
  if (known) return known;
  const [family, file] = name.split('/');
  const bytes = readFileSync(require.resolve(`@fontsource/${family}/files/${file}.woff`));
  const font = opentype.parse(new Uint8Array(bytes).buffer);
  loaded.set(name, font);
  return font;
}

export function facesOf(set: PhraseSet, face: Face): readonly string[] {
  return FACES[set][face];
}

export interface Lettering {
  font: string;
  /** Font size, pixels. */
  size: number;
  fill: string;
  stroke?: string;
  strokeWidth?: number;
}

/**
 * Lays out glyph by glyph with kerning. The library's own layout refuses fonts with unknown
 * composition tables. Precomposed Latin letters need none of them.
 */
function layOut(text: string, { font: name, size }: Lettering): { glyphs: [Glyph, number][]; width: number } {
  const font = loadFont(name);
  const scale = size / font.unitsPerEm;
  const glyphs: [Glyph, number][] = [];
  let x = 0;
  let previous: Glyph | undefined;
  for (const character of text) {
    const glyph = font.charToGlyph(character);
    // Some fonts have kerning pairs without a value.
    if (previous) x += (font.getKerningValue(previous, glyph) || 0) * scale;
    glyphs.push([glyph, x]);
    x += (glyph.advanceWidth ?? 0) * scale;
    previous = glyph;
  }
  return { glyphs, width: x };
}

export function textWidth(text: string, style: Lettering): number {
  return layOut(text, style).width;
}

/**
 * Draws one line of text as SVG, with its baseline at y. Letters are outlines, so no font has to be
 * installed.
 */
export function drawLine(text: string, x: number, y: number, style: Lettering): string {
  const outline = layOut(text, style)
    .glyphs.map(([glyph, offset]) => glyph.getPath(x + offset, y, style.size).toPathData(2))
    .join('')
    // The fonts leave contours open. A fill closes them, an outline does not.
    .replaceAll(/(?<!^)M/gu, 'ZM');
  const stroke = style.stroke
    ? ` stroke="${style.stroke}" stroke-width="${style.strokeWidth ?? 1}" stroke-linejoin="round" paint-order="stroke"`
    : '';
  return `<path d="${outline}Z" fill="${style.fill}"${stroke}/>`;
}

/** Breaks text into lines no wider than `width`. A longer word stays whole. */
export function wrap(text: string, width: number, style: Lettering): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, style) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export interface Paragraph {
  svg: string;
  width: number;
  height: number;
}

/** Draws a paragraph with its top left corner at x, y. */
export function drawParagraph(
  text: string,
  box: { x: number; y: number; width: number; align?: 'left' | 'center'; leading?: number },
  style: Lettering,
): Paragraph {
  const { x, y, width, align = 'left', leading = 1.25 } = box;
  const lines = wrap(text, width, style);
  const widths = lines.map((line) => textWidth(line, style));
  const svg = lines.map((line, index) =>
    drawLine(
      line,
      align === 'center' ? x + (width - (widths[index] ?? 0)) / 2 : x,
      y + style.size * (0.95 + leading * index),
      style,
    ),
  );
  return { svg: svg.join(''), width: Math.max(...widths), height: style.size * leading * lines.length };
}
