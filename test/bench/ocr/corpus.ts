import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { PHRASES, type Language, type PhraseSet } from './phrases.ts';
import { createRandom, type Random } from './random.ts';
import { drawScene } from './scenes.ts';
import { drawParagraph, facesOf, textWidth, wrap, type Face, type Lettering } from './type.ts';

/**
 * The OCR corpus: pictures of the kinds people call memes, drawn from a seed, each with the words that are in it.
 * The two phrase sets share neither sentences nor most fonts: tune on one, report the other.
 */
export const KINDS = [
  'impact',
  'impact-small',
  'caption-bar',
  'chat-light',
  'chat-dark',
  'tweet',
  'comic',
  'multi-panel',
  'rotated',
  'bold-bar',
  'forum',
  'gif',
  'none',
] as const;

export type Kind = (typeof KINDS)[number];

export interface Sample {
  kind: Kind;
  language: Language;
  /** What is written in it, in reading order; empty for the kind `none`. */
  text: string;
  extension: 'jpg' | 'png' | 'gif';
  bytes: Buffer;
}

interface Sheet {
  random: Random;
  set: PhraseSet;
  language: Language;
  said: string[];
  caption(): string;
  sentence(): string;
  name(): string;
  face(face: Face): string;
}

const svgOf = (width: number, height: number, body: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`);

function createSheet(random: Random, set: PhraseSet, language: Language): Sheet {
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

/** Draws and remembers what was drawn. */
function say(sheet: Sheet, text: string, box: Parameters<typeof drawParagraph>[1], style: Lettering) {
  sheet.said.push(text);
  return drawParagraph(text, box, style);
}

/** White (or bright) letters with a dark outline at the top and the bottom: the meme as such. */
function impactCaptions(sheet: Sheet, width: number, height: number, lines: 1 | 2 = 2): string {
  const { random } = sheet;
  const size = width / random.between(8.5, 15);
  const style: Lettering = {
    font: sheet.face('impact'),
    size,
    fill: random.chance(0.8) ? '#fff' : random.pick(['#ffe94a', '#7dff6b', '#ff9ad5', '#7ee7ff']),
    stroke: random.chance(0.9) ? '#000' : '#231a3a',
    strokeWidth: size * random.between(0.08, 0.2),
  };
  const upper = random.chance(0.85);
  const cased = (text: string) => (upper ? text.toUpperCase() : text);
  const margin = width * random.between(0.02, 0.06);
  const box = {
    x: margin,
    width: width - 2 * margin,
    align: 'center' as const,
    leading: random.between(1.05, 1.2),
  };
  const top = cased(sheet.caption());
  const bottom = cased(sheet.caption());
  let svg = say(sheet, top, { ...box, y: height * 0.015 }, style).svg;
  if (lines === 2) {
    const bottomHeight = wrap(bottom, box.width, style).length * size * box.leading;
    svg += say(sheet, bottom, { ...box, y: height * 0.985 - bottomHeight }, style).svg;
  }
  return svg;
}

async function jpeg(image: Sharp, quality: number): Promise<Buffer> {
  return image.jpeg({ quality: Math.round(quality) }).toBuffer();
}

async function over(scene: Sharp, width: number, height: number, body: string): Promise<Sharp> {
  const flat = await scene.png({ compressionLevel: 1 }).toBuffer();
  const { data } = await sharp(flat)
    .composite([{ input: svgOf(width, height, body) }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width, height, channels: 3 } });
}

type Drawn = Pick<Sample, 'extension' | 'bytes'>;
type Draw = (sheet: Sheet) => Promise<Drawn>;

async function impactScene(sheet: Sheet) {
  const { random } = sheet;
  const width = random.int(560, 1080);
  const height = Math.round(width * random.between(0.65, 1.2));
  const scene = await drawScene(random, width, height);
  return { image: await over(scene, width, height, impactCaptions(sheet, width, height)), width, height };
}

const impact: Draw = async (sheet) => {
  const { image } = await impactScene(sheet);
  return { extension: 'jpg', bytes: await jpeg(image, sheet.random.between(55, 92)) };
};

/** Saved from a chat, shrunk, saved again. */
const impactSmall: Draw = async (sheet) => {
  const { random } = sheet;
  const { image } = await impactScene(sheet);
  const first = await jpeg(image, random.between(40, 75));
  const shrunk = sharp(first).resize({ width: random.int(320, 480) });
  return { extension: 'jpg', bytes: await jpeg(shrunk, random.between(35, 65)) };
};

async function barOver(
  sheet: Sheet,
  style: Lettering,
  width: number,
  text: string,
  dark: boolean,
): Promise<Drawn> {
  const { random } = sheet;
  const pad = style.size * random.between(0.4, 0.9);
  const bar = say(
    sheet,
    text,
    {
      x: pad,
      y: pad * 0.7,
      width: width - 2 * pad,
      align: random.chance(0.4) ? 'center' : 'left',
      leading: 1.2,
    },
    style,
  );
  const barHeight = Math.round(bar.height + pad * 1.3);
  const sceneHeight = Math.round(width * random.between(0.5, 0.9));
  const scene = await drawScene(random, width, sceneHeight);
  const image = await scene
    .extend({ top: barHeight, background: dark ? '#111' : '#fff' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const whole = sharp(image).composite([{ input: svgOf(width, barHeight + sceneHeight, bar.svg) }]);
  return random.chance(0.7)
    ? { extension: 'jpg', bytes: await jpeg(whole, random.between(50, 92)) }
    : { extension: 'png', bytes: await whole.png({ compressionLevel: 3 }).toBuffer() };
}

const captionBar: Draw = (sheet) => {
  const { random } = sheet;
  const width = random.int(480, 1000);
  const dark = random.chance(0.3);
  const style = {
    font: sheet.face(random.chance(0.5) ? 'sans' : random.chance(0.6) ? 'sansBold' : 'serif'),
    size: width / random.between(15, 26),
    fill: dark ? '#f4f4f4' : '#111',
  };
  const text = random.chance(0.5) ? sheet.sentence() : sheet.caption();
  return barOver(sheet, style, width, text, dark);
};

/** Letters about 100 px high whose strokes are as wide as small speech bubbles. */
const boldBar: Draw = (sheet) => {
  const { random } = sheet;
  const width = random.int(800, 1200);
  const dark = random.chance(0.3);
  const style = {
    font: sheet.face('black'),
    size: random.between(80, 135),
    fill: dark ? '#fff' : '#000',
  };
  return barOver(sheet, style, width, sheet.caption(), dark);
};

type ChatLook = Record<'back' | 'theirs' | 'mine' | 'ink' | 'mineInk' | 'faint', string>;

const CHAT_LOOKS = {
  light: [
    {
      back: '#ffffff',
      theirs: '#e9e9eb',
      mine: '#0b84fe',
      ink: '#000000',
      mineInk: '#ffffff',
      faint: '#8a8a8e',
    },
    {
      back: '#e5ddd5',
      theirs: '#ffffff',
      mine: '#dcf8c6',
      ink: '#111b21',
      mineInk: '#111b21',
      faint: '#667781',
    },
    {
      back: '#f6f1fb',
      theirs: '#ffffff',
      mine: '#8e5bd8',
      ink: '#1d1d1f',
      mineInk: '#ffffff',
      faint: '#77727f',
    },
  ],
  dark: [
    {
      back: '#0b141a',
      theirs: '#202c33',
      mine: '#005c4b',
      ink: '#e9edef',
      mineInk: '#e9edef',
      faint: '#8696a0',
    },
    {
      back: '#000000',
      theirs: '#26252a',
      mine: '#1f8aff',
      ink: '#f2f2f2',
      mineInk: '#ffffff',
      faint: '#8e8e93',
    },
    {
      back: '#313338',
      theirs: '#3c3e44',
      mine: '#4752c4',
      ink: '#dbdee1',
      mineInk: '#ffffff',
      faint: '#949ba4',
    },
  ],
} satisfies Record<'light' | 'dark', ChatLook[]>;

const chat =
  (tone: keyof typeof CHAT_LOOKS): Draw =>
  async (sheet) => {
    const { random } = sheet;
    const look = random.pick(CHAT_LOOKS[tone]);
    const width = random.int(420, 1080);
    const size = width / random.between(19, 27);
    const font = sheet.face('sans');
    const bold = sheet.face('sansBold');
    const pad = size * 0.7;
    let y = size * 1.2;
    const parts: string[] = [];
    const gap = random.between(0.3, 0.9) * size;
    for (let count = random.int(3, 6); count > 0; count -= 1) {
      const mine = random.chance(0.5);
      const text = random.chance(0.3) ? sheet.caption() : sheet.sentence();
      const style: Lettering = { font, size, fill: mine ? look.mineInk : look.ink };
      const room = width * random.between(0.6, 0.74);
      const lines = wrap(text, room, style);
      const named = !mine && random.chance(0.3);
      const name = sheet.name();
      const inner = Math.max(...lines.map((line) => textWidth(line, style)), named ? size * 6 : 0);
      const x = mine ? width - pad * 2 - inner - size * 0.6 : size * 0.6;
      const nameHeight = named ? size * 1.15 : 0;
      const height = lines.length * size * 1.3 + pad * 1.2 + nameHeight;
      parts.push(
        `<rect x="${x}" y="${y}" width="${inner + pad * 2}" height="${height}" rx="${size * 0.7}" fill="${mine ? look.mine : look.theirs}"/>`,
      );
      if (named) {
        const nameStyle = {
          font: bold,
          size: size * 0.85,
          fill: random.pick(
            tone === 'dark' ? ['#53bdeb', '#e26ab6', '#ffbc38'] : ['#0a7cff', '#c4369a', '#1f7a4d'],
          ),
        };
        parts.push(say(sheet, name, { x: x + pad, y: y + pad * 0.5, width: width / 2 }, nameStyle).svg);
      }
      parts.push(
        say(sheet, text, { x: x + pad, y: y + pad * 0.55 + nameHeight, width: room, leading: 1.3 }, style)
          .svg,
      );
      y += height + gap;
      if (random.chance(0.25)) {
        const time = `${random.int(10, 23)}:${random.int(10, 59)}`;
        const stamp = { font, size: size * 0.75, fill: look.faint };
        parts.push(say(sheet, time, { x: width / 2 - size * 1.2, y, width }, stamp).svg);
        y += size * 1.3;
      }
    }
    const height = Math.round(y + size);
    const svg = svgOf(
      width,
      height,
      `<rect width="100%" height="100%" fill="${look.back}"/>${parts.join('')}`,
    );
    return random.chance(0.5)
      ? { extension: 'png', bytes: await sharp(svg).png({ compressionLevel: 3 }).toBuffer() }
      : { extension: 'jpg', bytes: await jpeg(sharp(svg).flatten(), random.between(50, 90)) };
  };

const tweet: Draw = async (sheet) => {
  const { random } = sheet;
  const dark = random.chance(0.4);
  const width = random.int(500, 1080);
  const size = width / random.between(20, 30);
  const [back, ink, faint] = dark ? ['#15202b', '#f7f9f9', '#8b98a5'] : ['#ffffff', '#0f1419', '#536471'];
  const font = sheet.face('sans');
  const bold = sheet.face('sansBold');
  const pad = size;
  const parts: string[] = [
    `<circle cx="${pad + size * 1.3}" cy="${pad + size * 1.3}" r="${size * 1.3}" fill="${colourOf(random)}"/>`,
  ];
  const left = pad + size * 3.2;
  const name = sheet.name();
  parts.push(say(sheet, name, { x: left, y: pad, width }, { font: bold, size, fill: ink }).svg);
  const handle = `@${name.toLowerCase().replaceAll(' ', '')}${random.int(1, 99)}`;
  parts.push(
    say(sheet, handle, { x: left, y: pad + size * 1.25, width }, { font, size: size * 0.9, fill: faint }).svg,
  );
  let y = pad + size * 3.2;
  const text = [sheet.sentence(), ...(random.chance(0.6) ? [sheet.sentence()] : [])].join(' ');
  const body = say(
    sheet,
    text,
    { x: pad, y, width: width - pad * 2, leading: 1.3 },
    { font, size: size * 1.15, fill: ink },
  );
  parts.push(body.svg);
  y += body.height + size * 0.6;
  const foot =
    sheet.language === 'fi'
      ? `${random.int(100, 900)} uudelleenjulkaisua`
      : `${random.int(100, 900)} reposts`;
  parts.push(say(sheet, foot, { x: pad, y, width }, { font, size: size * 0.85, fill: faint }).svg);
  const svg = svgOf(
    width,
    Math.round(y + size * 2),
    `<rect width="100%" height="100%" fill="${back}"/>${parts.join('')}`,
  );
  return random.chance(0.5)
    ? { extension: 'png', bytes: await sharp(svg).png().toBuffer() }
    : { extension: 'jpg', bytes: await jpeg(sharp(svg).flatten(), random.between(50, 90)) };
};

const colourOf = (random: Random) =>
  `rgb(${random.int(30, 230)},${random.int(30, 230)},${random.int(30, 230)})`;

/** Dark letters on a light ground, or light ones on a dark ground, both coloured. */
function colourPair(random: Random): { back: string; ink: string } {
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

/** Panels of one colour with figures and speech bubbles. */
function comicPanel(sheet: Sheet, x: number, y: number, width: number, height: number): string {
  const { random } = sheet;
  const panel = colourPair(random);
  const size = width / random.between(10, 16);
  const parts = [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${panel.back}" stroke="#111" stroke-width="4"/>`,
    `<circle cx="${x + width * random.between(0.25, 0.75)}" cy="${y + height * 0.75}" r="${width * random.between(0.1, 0.18)}" fill="${colourOf(random)}" stroke="#111" stroke-width="3"/>`,
    `<rect x="${x + width * random.between(0.2, 0.6)}" y="${y + height * 0.84}" width="${width * 0.25}" height="${height * 0.155}" fill="${colourOf(random)}" stroke="#111" stroke-width="3"/>`,
  ];
  const upper = random.chance(0.7);
  const text = upper ? sheet.caption().toUpperCase() : sheet.caption();
  const bubble = random.chance(0.6) ? colourPair(random) : undefined;
  const style = { font: sheet.face('comic'), size, fill: (bubble ?? panel).ink };
  const room = width * 0.82;
  const lines = wrap(text, room, style).length;
  if (bubble) {
    parts.push(
      `<rect x="${x + width * 0.05}" y="${y + height * 0.04}" width="${width * 0.9}" height="${lines * size * 1.2 + size * 0.9}" rx="${size * 0.8}" fill="${bubble.back}" stroke="#111" stroke-width="3"/>`,
    );
  }
  parts.push(
    say(
      sheet,
      text,
      { x: x + width * 0.09, y: y + height * 0.04 + size * 0.35, width: room, align: 'center', leading: 1.2 },
      style,
    ).svg,
  );
  return parts.join('');
}

const comic: Draw = async (sheet) => {
  const { random } = sheet;
  const columns = random.int(1, 3);
  const side = Math.round(random.int(640, 1100) / columns);
  const height = Math.round(Math.max(side * random.between(0.9, 1.2), 300));
  const body = Array.from({ length: columns }, (_, column) =>
    comicPanel(sheet, 4 + column * side, 4, side - 8, height - 8),
  );
  const svg = svgOf(side * columns, height, `<rect width="100%" height="100%" fill="#fff"/>${body.join('')}`);
  return { extension: 'jpg', bytes: await jpeg(sharp(svg).flatten(), random.between(55, 92)) };
};

const multiPanel: Draw = async (sheet) => {
  const { random } = sheet;
  const columns = random.pick([1, 2]);
  const rows = random.int(2, columns === 1 ? 3 : 2);
  const width = Math.round(random.int(700, 1100) / columns);
  const height = Math.round(width * random.between(0.55, 0.8));
  const panels: OverlayOptions[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const scene = await drawScene(random, width, height);
      const panel = await over(scene, width, height, impactCaptions(sheet, width, height, 1));
      panels.push({
        input: await panel.png({ compressionLevel: 1 }).toBuffer(),
        left: column * width,
        top: row * height,
      });
    }
  }
  const whole = sharp({
    create: { width: width * columns, height: height * rows, channels: 3, background: '#fff' },
  });
  return { extension: 'jpg', bytes: await jpeg(whole.composite(panels), random.between(55, 90)) };
};

/** Photographed or pasted at a slant: 1.5 to 4 degrees either way, outlined letters or a box of flat colour. */
const rotated: Draw = async (sheet) => {
  const { random } = sheet;
  const width = random.int(640, 1000);
  const height = Math.round(width * random.between(0.7, 1));
  const scene = await drawScene(random, width, height);
  const degrees = random.between(1.5, 4) * (random.chance(0.5) ? 1 : -1);
  let body: string;
  if (random.chance(0.5)) body = impactCaptions(sheet, width * 0.9, height * 0.9);
  else {
    const { back, ink } = random.chance(0.5) ? { back: '#fff', ink: '#000' } : colourPair(random);
    const style = {
      font: sheet.face(random.chance(0.5) ? 'sans' : 'sansBold'),
      size: width / random.between(18, 26),
      fill: ink,
    };
    const text = say(
      sheet,
      sheet.sentence(),
      { x: width * 0.1, y: height * 0.35, width: width * 0.72 },
      style,
    );
    body = `<rect x="${width * 0.06}" y="${height * 0.35 - style.size}" width="${width * 0.8}" height="${text.height + style.size * 2}" fill="${back}"/>${text.svg}`;
  }
  const shift = `translate(${width * 0.05} ${height * 0.05})`;
  const image = await over(
    scene,
    width,
    height,
    `<g transform="rotate(${degrees} ${width / 2} ${height / 2}) ${shift}">${body}</g>`,
  );
  return { extension: 'jpg', bytes: await jpeg(image, random.between(60, 92)) };
};

const forum: Draw = async (sheet) => {
  const { random } = sheet;
  const dark = random.chance(0.4);
  const width = random.int(760, 1000);
  const size = random.between(14, 18);
  const [back, card, ink, faint] = dark
    ? ['#1a1a1b', '#272729', '#d7dadc', '#818384']
    : ['#dae0e6', '#ffffff', '#222222', '#6a6d70'];
  const font = sheet.face('sans');
  const bold = sheet.face('sansBold');
  const parts: string[] = [];
  let y = 16;
  for (let post = random.int(5, 8); post > 0; post -= 1) {
    const text = Array.from({ length: random.int(2, 5) }, () => sheet.sentence()).join(' ');
    const style = { font, size, fill: ink };
    const height = wrap(text, width - 100, style).length * size * 1.35 + size * 2.8;
    parts.push(`<rect x="12" y="${y}" width="${width - 24}" height="${height}" fill="${card}"/>`);
    const name = sheet.name();
    parts.push(
      say(sheet, name, { x: 60, y: y + 6, width }, { font: bold, size: size * 0.95, fill: faint }).svg,
    );
    parts.push(`<circle cx="36" cy="${y + 22}" r="14" fill="${colourOf(random)}"/>`);
    parts.push(say(sheet, text, { x: 60, y: y + size * 2, width: width - 100, leading: 1.35 }, style).svg);
    y += height + random.between(4, 12);
  }
  const svg = svgOf(
    width,
    Math.round(y + 12),
    `<rect width="100%" height="100%" fill="${back}"/>${parts.join('')}`,
  );
  return random.chance(0.6)
    ? { extension: 'png', bytes: await sharp(svg).png().toBuffer() }
    : { extension: 'jpg', bytes: await jpeg(sharp(svg).flatten(), random.between(65, 90)) };
};

/** Something moves; the words come late and stay to the end. */
const gif: Draw = async (sheet) => {
  const { random } = sheet;
  const width = random.int(360, 520);
  const height = Math.round(width * random.between(0.6, 0.9));
  const scene = await drawScene(random, width, height);
  const ground = await scene.png({ compressionLevel: 1 }).toBuffer();
  const caption = impactCaptions(sheet, width, height, random.chance(0.5) ? 1 : 2);
  const count = random.int(6, 14);
  const from = Math.ceil(count * random.between(0.4, 0.8));
  const frames: Buffer[] = [];
  for (let index = 0; index < count; index += 1) {
    const ball = `<circle cx="${(width * (index + 0.5)) / count}" cy="${height * 0.5}" r="${height * 0.1}" fill="#d33"/>`;
    const overlay = svgOf(width, height, index >= from ? ball + caption : ball);
    frames.push(
      await sharp(ground)
        .composite([{ input: overlay }])
        .png({ compressionLevel: 1 })
        .toBuffer(),
    );
  }
  const bytes = await sharp(frames, { join: { animated: true } })
    .gif({ delay: frames.map(() => 120), effort: 3 })
    .toBuffer();
  return { extension: 'gif', bytes };
};

const none: Draw = async (sheet) => {
  const { random } = sheet;
  const width = random.int(500, 1200);
  const scene = await drawScene(random, width, Math.round(width * random.between(0.6, 1.3)));
  return { extension: 'jpg', bytes: await jpeg(scene, random.between(50, 92)) };
};

const DRAW: Record<Kind, Draw> = {
  impact,
  'impact-small': impactSmall,
  'caption-bar': captionBar,
  'chat-light': chat('light'),
  'chat-dark': chat('dark'),
  tweet,
  comic,
  'multi-panel': multiPanel,
  rotated,
  'bold-bar': boldBar,
  forum,
  gif,
  none,
};

/**
 * Draws the corpus, one picture at a time.
 *
 * @param options.seed - decides everything; the same seed draws the same pictures
 * @param options.count - pictures per kind; every other one is Finnish
 */
export async function* drawCorpus(options: {
  seed: number;
  count: number;
  set: PhraseSet;
  kinds?: readonly Kind[];
}): AsyncGenerator<Sample> {
  for (const kind of options.kinds ?? KINDS) {
    for (let index = 0; index < options.count; index += 1) {
      // A picture's own seed, so that it stays the same whichever kinds and however many are drawn.
      const random = createRandom(options.seed * 7919 + KINDS.indexOf(kind) * 104_729 + index * 15_485_863);
      const language = index % 2 === 0 ? 'fi' : 'en';
      const sheet = createSheet(random, options.set, language);
      const drawn = await DRAW[kind](sheet);
      yield { kind, language, text: sheet.said.join('\n'), ...drawn };
    }
  }
}
