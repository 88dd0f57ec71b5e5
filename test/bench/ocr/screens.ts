import sharp from 'sharp';
import { colourOf, jpeg, say, svgOf, type Draw } from './sheet.ts';
import { textWidth, wrap, type Lettering } from './type.ts';

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

export const chat =
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

export const tweet: Draw = async (sheet) => {
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

export const forum: Draw = async (sheet) => {
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
