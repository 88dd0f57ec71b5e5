import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { drawScene } from '../scenes.ts';
import { colourOf, colourPair, jpeg, say, svgOf, type Draw, type Sheet } from '../sheet.ts';
import { textWidth, wrap, type Lettering } from '../type.ts';

/**
 * More layouts of screens and pages: avatars, timestamps, pictures and figures stand among the
 * words.
 */

const scenePng = async (sheet: Sheet, width: number, height: number) =>
  (await drawScene(sheet.random, width, height)).png({ compressionLevel: 1 }).toBuffer();

const finish = async (sheet: Sheet, image: Sharp) =>
  sheet.random.chance(0.4)
    ? ({ extension: 'png', bytes: await image.png({ compressionLevel: 3 }).toBuffer() } as const)
    : ({ extension: 'jpg', bytes: await jpeg(image, sheet.random.between(45, 90)) } as const);

const smiley = (x: number, y: number, r: number) =>
  `<circle cx="${x}" cy="${y}" r="${r}" fill="#ffcc4d"/><circle cx="${x - r * 0.35}" cy="${y - r * 0.2}" r="${r * 0.13}" fill="#664500"/><circle cx="${x + r * 0.35}" cy="${y - r * 0.2}" r="${r * 0.13}" fill="#664500"/><path d="M${x - r * 0.5} ${y + r * 0.25}Q${x} ${y + r * 0.8} ${x + r * 0.5} ${y + r * 0.25}Z" fill="#664500"/>`;

/**
 * Timestamps inside the bubbles, a header with an avatar, emoji beside words, a patterned
 * wallpaper.
 */
export const messenger: Draw = async (sheet) => {
  const { random } = sheet;
  const dark = random.chance(0.5);
  const width = random.int(380, 1170);
  const size = width / random.between(20, 29);
  const font = sheet.face('sans');
  const bold = sheet.face('sansBold');
  const [back, bar, theirs, mine, ink, faint] = dark
    ? ['#0d1418', '#1f2c33', '#262d31', '#054740', '#eceff1', '#9aa5aa']
    : ['#efeae2', '#f7f7f8', '#ffffff', '#d9fdd3', '#101010', '#6b7780'];
  const parts: string[] = [];
  if (random.chance(0.5))
    for (let mark = 0; mark < 80; mark += 1)
      parts.push(
        `<circle cx="${random.between(0, width)}" cy="${random.between(0, width * 2)}" r="${random.between(3, 12)}" fill="none" stroke="${dark ? '#141d22' : '#e6dfd5'}" stroke-width="2"/>`,
      );
  parts.push(
    `<rect width="${width}" height="${size * 3.4}" fill="${bar}"/><circle cx="${size * 2.2}" cy="${size * 1.7}" r="${size * 1.1}" fill="${colourOf(random)}"/>`,
  );
  parts.push(
    say(
      sheet,
      sheet.name(),
      { x: size * 4, y: size * 0.9, width },
      { font: bold, size: size * 1.05, fill: ink },
    ).svg,
  );
  let y = size * 4.4;
  for (let count = random.int(3, 6); count > 0; count -= 1) {
    const own = random.chance(0.5);
    const style = { font, size, fill: ink };
    const text = random.chance(0.4) ? sheet.caption() : sheet.sentence();
    const room = width * 0.66;
    const lines = wrap(text, room, style);
    const emoji = random.chance(0.3);
    const stampStyle = { font, size: size * 0.68, fill: faint };
    const stamp = `${random.int(10, 23)}:${random.int(10, 59)}`;
    const stampWidth = textWidth(stamp, stampStyle);
    const last = textWidth(lines.at(-1) ?? '', style) + (emoji ? size * 1.4 : 0);
    const inner = Math.max(...lines.map((line) => textWidth(line, style)), last + stampWidth + size);
    const x = own ? width - inner - size * 1.9 : size * 0.6;
    const high = lines.length * size * 1.32 + size * 0.8;
    parts.push(
      `<rect x="${x}" y="${y}" width="${inner + size * 1.2}" height="${high}" rx="${size * 0.5}" fill="${own ? mine : theirs}"/>`,
    );
    parts.push(
      say(sheet, text, { x: x + size * 0.6, y: y + size * 0.25, width: room, leading: 1.32 }, style).svg,
    );
    if (emoji)
      parts.push(
        smiley(x + size * 1.5 + textWidth(lines.at(-1) ?? '', style), y + high - size * 1.05, size * 0.55),
      );
    parts.push(
      say(
        sheet,
        stamp,
        { x: x + inner + size * 0.9 - stampWidth, y: y + high - size * 0.95, width },
        stampStyle,
      ).svg,
    );
    y += high + size * random.between(0.25, 0.7);
  }
  const svg = svgOf(
    width,
    Math.round(y + size * 0.6),
    `<rect width="100%" height="100%" fill="${back}"/>${parts.join('')}`,
  );
  return finish(sheet, sharp(svg).flatten());
};

const POST_LOOKS = {
  dark: [
    { back: '#000000', ink: '#e7e9ea', faint: '#71767b' },
    { back: '#242526', ink: '#e4e6eb', faint: '#b0b3b8' },
  ],
  light: [
    { back: '#ffffff', ink: '#0f1419', faint: '#536471' },
    { back: '#f7f9f9', ink: '#050505', faint: '#65676b' },
  ],
};

/** A post with an avatar, its time, figures below, and often a photo. */
export const post: Draw = async (sheet) => {
  const { random } = sheet;
  const dark = random.chance(0.45);
  const width = random.int(460, 1200);
  const size = width / random.between(22, 32);
  const { back, ink, faint } = random.pick(POST_LOOKS[dark ? 'dark' : 'light']);
  const font = sheet.face('sans');
  const bold = sheet.face('sansBold');
  const avatar = Math.round(size * 2.6);
  const parts: string[] = [];
  const left = size * 4.4;
  parts.push(
    say(sheet, sheet.name(), { x: left, y: size * 0.9, width }, { font: bold, size, fill: ink }).svg,
  );
  const time =
    sheet.language === 'fi' ? `${random.int(2, 23)} tuntia sitten` : `${random.int(2, 23)} hours ago`;
  parts.push(
    say(sheet, time, { x: left, y: size * 2.15, width }, { font, size: size * 0.85, fill: faint }).svg,
  );
  const text = `${sheet.sentence()} ${random.chance(0.5) ? sheet.caption() : sheet.sentence()}`;
  const big = random.chance(0.4) ? 1.35 : 1.05;
  const body = say(
    sheet,
    text,
    { x: size, y: size * 4.2, width: width - size * 2, leading: 1.32 },
    { font, size: size * big, fill: ink },
  );
  parts.push(body.svg);
  let y = size * 4.7 + body.height;
  const picture = random.chance(0.5) ? Math.round(width * random.between(0.4, 0.7)) : 0;
  const pictureTop = Math.round(y);
  y += picture + size * 0.5;
  const foot =
    sheet.language === 'fi'
      ? `${random.int(2, 99)} kommenttia   ${random.int(2, 999)} tykkäystä`
      : `${random.int(2, 99)} comments   ${random.int(2, 999)} likes`;
  parts.push(say(sheet, foot, { x: size, y, width }, { font, size: size * 0.85, fill: faint }).svg);
  const height = Math.round(y + size * 1.8);
  const svg = svgOf(width, height, `<rect width="100%" height="100%" fill="${back}"/>${parts.join('')}`);
  const face = await sharp(await scenePng(sheet, avatar, avatar))
    .composite([
      {
        input: svgOf(
          avatar,
          avatar,
          `<circle cx="${avatar / 2}" cy="${avatar / 2}" r="${avatar / 2}" fill="#fff"/>`,
        ),
        blend: 'dest-in',
      },
    ])
    .png()
    .toBuffer();
  const layers = [{ input: face, left: Math.round(size), top: Math.round(size * 0.9) }];
  if (picture > 0) layers.push({ input: await scenePng(sheet, width, picture), left: 0, top: pictureTop });
  return finish(sheet, sharp(await sharp(svg).composite(layers).png().toBuffer()).flatten());
};

/** A black frame with a title in wide capitals and a line below it. */
export const poster: Draw = async (sheet) => {
  const { random } = sheet;
  const width = random.int(560, 1100);
  const picture = Math.round(width * 0.8);
  const high = Math.round(picture * random.between(0.6, 0.9));
  const size = width / random.between(13, 19);
  const title = { font: sheet.face('serif'), size, fill: '#fff' };
  const top = high + width * 0.1 + size * 0.6;
  const first = say(
    sheet,
    sheet.caption().toUpperCase(),
    { x: width * 0.06, y: top, width: width * 0.88, align: 'center' },
    title,
  );
  const second = say(
    sheet,
    sheet.sentence(),
    { x: width * 0.1, y: top + first.height, width: width * 0.8, align: 'center' },
    { font: sheet.face('sans'), size: size * 0.5, fill: '#f0f0f0' },
  );
  const height = Math.round(top + first.height + second.height + size * 0.6);
  const frame = `<rect width="100%" height="100%" fill="#000"/><rect x="${width * 0.09}" y="${width * 0.06}" width="${picture + width * 0.02}" height="${high + width * 0.02}" fill="none" stroke="#fff" stroke-width="2"/>`;
  const image = sharp(svgOf(width, height, frame + first.svg + second.svg)).composite([
    {
      input: await scenePng(sheet, picture, high),
      left: Math.round(width * 0.1),
      top: Math.round(width * 0.07),
    },
  ]);
  return finish(sheet, sharp(await image.png().toBuffer()).flatten());
};

/** Pictures on the left and their captions on the right, row by row. */
export const choices: Draw = async (sheet) => {
  const { random } = sheet;
  const side = random.int(260, 520);
  const count = random.int(2, 4);
  const style: Lettering = {
    font: random.chance(0.5) ? sheet.face('sans') : sheet.face(random.pick(['sansBold', 'comic', 'impact'])),
    size: side / random.between(8, 13),
    fill: '#000',
  };
  const parts = [`<rect width="100%" height="100%" fill="#fff"/>`];
  const layers: OverlayOptions[] = [];
  for (let index = 0; index < count; index += 1) {
    const text = sheet.caption();
    const high = wrap(text, side * 0.88, style).length * style.size * 1.2;
    parts.push(
      say(
        sheet,
        text,
        {
          x: side * 1.06,
          y: index * side + Math.max(4, (side - high) / 2),
          width: side * 0.88,
          align: 'center',
          leading: 1.2,
        },
        style,
      ).svg,
    );
    parts.push(`<rect x="0" y="${index * side - 1}" width="${side * 2}" height="2" fill="#000"/>`);
    layers.push({ input: await scenePng(sheet, side, side - 2), left: 0, top: index * side + 1 });
  }
  const image = sharp(svgOf(side * 2, side * count, parts.join(''))).composite(layers);
  return finish(sheet, sharp(await image.png().toBuffer()).flatten());
};

/** Panels with round balloons and tails, drawn figures and hand lettering. */
export const balloons: Draw = async (sheet) => {
  const { random } = sheet;
  const columns = random.int(2, 3);
  const rows = random.int(1, 2);
  const side = random.int(330, 460);
  const style = { font: sheet.face('comic'), size: side / random.between(14, 19), fill: '#000' };
  const parts = ['<rect width="100%" height="100%" fill="#fff"/>'];
  for (let panel = 0; panel < columns * rows; panel += 1) {
    const [x, y] = [(panel % columns) * side + 6, Math.floor(panel / columns) * side + 6];
    const wide = side - 12;
    const { back } = colourPair(random);
    const text = random.chance(0.6) ? sheet.caption().toUpperCase() : sheet.caption();
    const room = wide * 0.62;
    const lines = wrap(text, room, style);
    const high = lines.length * style.size * 1.15;
    const [rx, ry] = [wide * 0.47, high * 0.72 + style.size * 0.7];
    const [cx, cy] = [x + wide / 2, y + ry + 6];
    const tail = cx + random.between(-0.2, 0.2) * wide;
    parts.push(
      `<rect x="${x}" y="${y}" width="${wide}" height="${wide}" fill="${back}" stroke="#000" stroke-width="4"/>`,
      `<circle cx="${tail}" cy="${y + wide * 0.76}" r="${wide * 0.13}" fill="${colourOf(random)}" stroke="#000" stroke-width="3"/>`,
      `<path d="M${tail - wide * 0.12} ${y + wide}Q${tail} ${y + wide * 0.8} ${tail + wide * 0.12} ${y + wide}Z" fill="${colourOf(random)}" stroke="#000" stroke-width="3"/>`,
      `<path d="M${cx - 14} ${cy + ry - 4}L${tail} ${cy + ry + wide * 0.12}L${cx + 14} ${cy + ry - 4}Z" fill="#fff" stroke="#000" stroke-width="3"/>`,
      `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="#fff" stroke="#000" stroke-width="3"/>`,
      say(
        sheet,
        text,
        {
          x: cx - room / 2,
          y: cy - high / 2 - style.size * 0.1,
          width: room,
          align: 'center',
          leading: 1.15,
        },
        style,
      ).svg,
    );
  }
  return finish(sheet, sharp(svgOf(side * columns, side * rows, parts.join(''))).flatten());
};

/** A news page on a phone: a headline, a line about it, a photo, a paragraph, a second headline. */
export const news: Draw = async (sheet) => {
  const { random } = sheet;
  const width = random.int(420, 900);
  const size = width / random.between(19, 25);
  const dark = random.chance(0.25);
  const [back, ink, faint] = dark ? ['#121212', '#f1f1f1', '#9b9b9b'] : ['#ffffff', '#151515', '#6f6f6f'];
  const head = random.chance(0.5) ? sheet.face('serif') : sheet.face('sansBold');
  const pad = size * 0.9;
  const room = width - pad * 2;
  const title = say(
    sheet,
    sheet.sentence(),
    { x: pad, y: pad, width: room, leading: 1.15 },
    { font: head, size: size * 1.6, fill: ink },
  );
  const lead = say(
    sheet,
    sheet.sentence(),
    { x: pad, y: pad + title.height + size * 0.4, width: room },
    { font: sheet.face('sans'), size: size * 0.9, fill: faint },
  );
  const pictureTop = Math.round(pad + title.height + lead.height + size);
  const picture = Math.round(width * random.between(0.4, 0.6));
  const body = say(
    sheet,
    `${sheet.sentence()} ${sheet.sentence()}`,
    { x: pad, y: pictureTop + picture + size * 0.5, width: room, leading: 1.4 },
    { font: random.chance(0.5) ? sheet.face('serif') : sheet.face('sans'), size, fill: ink },
  );
  const height = Math.round(pictureTop + picture + body.height + size * 1.5);
  const svg = svgOf(
    width,
    height,
    `<rect width="100%" height="100%" fill="${back}"/>${title.svg}${lead.svg}${body.svg}`,
  );
  const image = sharp(svg).composite([
    { input: await scenePng(sheet, width, picture), left: 0, top: pictureTop },
  ]);
  return finish(sheet, sharp(await image.png().toBuffer()).flatten());
};

/** A screenshot shrunk to a thumbnail's width and enlarged again. */
export const worn: Draw = async (sheet) => {
  const drawn = await sheet.random.pick([messenger, post, news])(sheet);
  const { width } = await sharp(drawn.bytes).metadata();
  const small = Math.round(width * sheet.random.between(0.55, 0.75));
  const once = await jpeg(
    sharp(drawn.bytes).resize({ width: Math.max(400, small) }),
    sheet.random.between(50, 70),
  );
  return { extension: 'jpg', bytes: await jpeg(sharp(once).resize({ width }), sheet.random.between(50, 70)) };
};
