import sharp, { type Sharp } from 'sharp';
import { drawScene } from '../scenes.ts';
import { jpeg, over, say, svgOf, type Draw, type Sheet } from '../sheet.ts';
import { drawParagraph, textWidth, wrap, type Face, type Lettering } from '../type.ts';

/** Text over photos in every style except white capitals with a black outline. */

interface Ground {
  width: number;
  height: number;
}

const groundOf = ({ random }: Sheet): Ground => {
  const width = random.int(420, 1280);
  return { width, height: Math.round(width * random.between(0.6, 1.35)) };
};

const saveAs = async (sheet: Sheet, image: Sharp) =>
  ({ extension: 'jpg', bytes: await jpeg(image, sheet.random.between(45, 90)) }) as const;

const anyFace = (sheet: Sheet, ...faces: Face[]) => sheet.face(sheet.random.pick(faces));

/** Places a paragraph near the top, the middle or the bottom. */
function place(sheet: Sheet, text: string, { width, height }: Ground, style: Lettering, leading = 1.18) {
  const { random } = sheet;
  const margin = width * random.between(0.03, 0.09);
  const room = width - 2 * margin;
  const high = wrap(text, room, style).length * style.size * leading;
  const y = random.pick([height * 0.03, (height - high) * random.between(0.3, 0.7), height * 0.96 - high]);
  const align = random.chance(0.8) ? 'center' : 'left';
  return { box: { x: margin, y, width: room, align, leading } as const, high };
}

/** Sentence case with a thin outline, in fonts of all kinds. */
export const thinOutline: Draw = async (sheet) => {
  const { random } = sheet;
  const ground = groundOf(sheet);
  const size = ground.width / random.between(11, 20);
  const style = {
    font: anyFace(sheet, 'sansBold', 'black', 'comic', 'impact'),
    size,
    fill: random.pick(['#fff', '#fff', '#fefefe', '#fff46b', '#ffd93b']),
    stroke: random.pick(['#000', '#111', '#222']),
    strokeWidth: Math.max(2, size * random.between(0.05, 0.1)),
  };
  const text = sheet.caption();
  const { box } = place(sheet, text, ground, style);
  const scene = await drawScene(random, ground.width, ground.height);
  return saveAs(sheet, await over(scene, ground.width, ground.height, say(sheet, text, box, style).svg));
};

/** Outlines so thick that they touch each other. */
export const thickOutline: Draw = async (sheet) => {
  const { random } = sheet;
  const ground = groundOf(sheet);
  const size = ground.width / random.between(9, 14);
  const style = {
    font: anyFace(sheet, 'impact', 'black', 'comic'),
    size,
    fill: random.pick(['#fff', '#fff', '#ffe600', '#00ffd0', '#ff5ad0']),
    stroke: random.pick(['#000', '#101830', '#3a0010']),
    strokeWidth: size * random.between(0.2, 0.3),
  };
  const text = random.chance(0.6) ? sheet.caption().toUpperCase() : sheet.caption();
  const { box } = place(sheet, text, ground, style, 1.25);
  const scene = await drawScene(random, ground.width, ground.height);
  return saveAs(sheet, await over(scene, ground.width, ground.height, say(sheet, text, box, style).svg));
};

/** White letters with only a soft shadow. */
export const shadow: Draw = async (sheet) => {
  const { random } = sheet;
  const ground = groundOf(sheet);
  const size = ground.width / random.between(11, 20);
  const text = sheet.caption();
  const style = { font: anyFace(sheet, 'sansBold', 'black', 'impact'), size, fill: '#fff' };
  const { box } = place(sheet, text, ground, style);
  const { svg } = say(sheet, text, box, style);
  const dark = drawParagraph(text, box, { ...style, fill: '#000', stroke: '#000', strokeWidth: size * 0.06 });
  const scene = await drawScene(random, ground.width, ground.height);
  const blur = size * random.between(0.05, 0.12);
  const shade = `<filter id="s" x="-5%" y="-5%" width="110%" height="110%"><feGaussianBlur stdDeviation="${blur}"/></filter><g filter="url(#s)" transform="translate(${size * 0.05} ${size * 0.06})">${dark.svg}</g>`;
  return saveAs(sheet, await over(scene, ground.width, ground.height, shade.repeat(1) + svg));
};

/** Letters without an aid; only the photo is dark, or light, behind them. */
export const bare: Draw = async (sheet) => {
  const { random } = sheet;
  const ground = groundOf(sheet);
  const dark = random.chance(0.65);
  const size = ground.width / random.between(12, 20);
  const style = {
    font: anyFace(sheet, 'sansBold', 'sans', 'black', 'serif'),
    size,
    fill: dark ? '#fff' : '#0a0a0a',
  };
  const text = sheet.caption();
  const { box } = place(sheet, text, ground, style);
  const scene = await drawScene(random, ground.width, ground.height);
  const veil = `<rect width="100%" height="100%" fill="${dark ? '#000' : '#fff'}" opacity="${random.between(0.5, 0.75)}"/>`;
  return saveAs(
    sheet,
    await over(scene, ground.width, ground.height, veil + say(sheet, text, box, style).svg),
  );
};

/** Each line has its own strip, as in stories. The strip may be translucent. */
export const strip: Draw = async (sheet) => {
  const { random } = sheet;
  const ground = groundOf(sheet);
  const size = ground.width / random.between(16, 26);
  const [back, ink] = random.pick([
    ['#fff', '#000'],
    ['#000', '#fff'],
    ['#e8336d', '#fff'],
    ['#ffd60a', '#111'],
  ] as const);
  const style = { font: anyFace(sheet, 'sansBold', 'sans', 'comic'), size, fill: ink };
  const text = sheet.sentence();
  const room = ground.width * 0.84;
  const top = ground.height * random.between(0.05, 0.6);
  const opacity = random.between(0.6, 1);
  const rects = wrap(text, room, style).map((line, index) => {
    const wide = textWidth(line, style) + size * 0.8;
    return `<rect x="${(ground.width - wide) / 2}" y="${top + index * size * 1.4 - size * 0.14}" width="${wide}" height="${size * 1.42}" rx="${size * 0.25}" fill="${back}" opacity="${opacity}"/>`;
  });
  const { svg } = say(
    sheet,
    text,
    { x: ground.width * 0.08, y: top, width: room, align: 'center', leading: 1.4 },
    style,
  );
  const scene = await drawScene(random, ground.width, ground.height);
  return saveAs(sheet, await over(scene, ground.width, ground.height, rects.join('') + svg));
};

/** A text on a gradient between two colours. */
export const gradient: Draw = async (sheet) => {
  const { random } = sheet;
  const width = random.int(500, 1100);
  const height = Math.round(width * random.between(0.5, 1));
  const hue = random.int(0, 359);
  const dark = random.chance(0.6);
  const tone = dark ? random.int(18, 42) : random.int(72, 88);
  const size = width / random.between(12, 20);
  const style = {
    font: anyFace(sheet, 'sansBold', 'sans', 'comic', 'serif', 'black'),
    size,
    fill: dark ? '#fff' : '#14121a',
  };
  const text = sheet.sentence();
  const room = width * 0.86;
  const high = wrap(text, room, style).length * size * 1.25;
  const { svg } = say(
    sheet,
    text,
    {
      x: width * 0.07,
      y: Math.max(size * 0.3, (height - high) / 2),
      width: room,
      align: 'center',
      leading: 1.25,
    },
    style,
  );
  const colour = (turn: number, light: number) => `hsl(${(hue + turn) % 360},70%,${light}%)`;
  const ground = `<linearGradient id="g" x1="0" y1="0" x2="1" y2="${random.next()}"><stop offset="0" stop-color="${colour(0, tone)}"/><stop offset="1" stop-color="${colour(random.int(30, 120), tone)}"/></linearGradient><rect width="100%" height="100%" fill="url(#g)"/>`;
  return saveAs(sheet, sharp(svgOf(width, Math.max(height, Math.ceil(high + size)), ground + svg)).flatten());
};

/** Objects in the photo, each labelled with a word or two. */
export const labels: Draw = async (sheet) => {
  const { random } = sheet;
  const ground = groundOf(sheet);
  const size = ground.width / random.between(13, 22);
  const outlined = random.chance(0.7);
  const style: Lettering = {
    font: anyFace(sheet, 'impact', 'sansBold', 'black'),
    size,
    fill: '#fff',
    ...(outlined ? { stroke: '#000', strokeWidth: size * random.between(0.1, 0.18) } : {}),
  };
  const parts: string[] = outlined ? [] : ['<rect width="100%" height="100%" fill="#000" opacity="0.45"/>'];
  for (let index = 0; index < 3; index += 1) {
    const words = sheet
      .caption()
      .replaceAll(/[,.?!:]/g, '')
      .split(' ');
    const text = words.slice(0, random.int(1, 2)).join(' ');
    const wide = textWidth(text, style);
    const x = random.between(0.04, Math.max(0.05, 0.96 - wide / ground.width)) * ground.width;
    const y = ground.height * (0.06 + index * 0.31 + random.between(0, 0.1));
    parts.push(say(sheet, text, { x, y, width: wide + 1 }, style).svg);
  }
  const scene = await drawScene(random, ground.width, ground.height);
  return saveAs(sheet, await over(scene, ground.width, ground.height, parts.join('')));
};

/** A picture of a phone camera or a wide screen: several thousand pixels a side. */
export const large: Draw = async (sheet) => {
  const { random } = sheet;
  const width = random.int(3000, 4000);
  const height = Math.round(width * random.between(0.6, 0.8));
  const small = await (await drawScene(random, 1000, Math.round((height * 1000) / width))).png().toBuffer();
  const size = width / random.between(10, 16);
  const style = {
    font: anyFace(sheet, 'impact', 'black'),
    size,
    fill: '#fff',
    stroke: '#000',
    strokeWidth: size * random.between(0.1, 0.18),
  };
  const text = sheet.caption().toUpperCase();
  const { box } = place(sheet, text, { width, height }, style);
  const image = sharp(small).resize(width, height, { fit: 'fill' });
  return saveAs(sheet, await over(image, width, height, say(sheet, text, box, style).svg));
};

/** A picture forwarded many times: small, and encoded several times. */
export const tiny: Draw = async (sheet) => {
  const { random } = sheet;
  const ground = { width: random.int(500, 640), height: random.int(420, 640) };
  const size = ground.width / random.between(9, 13);
  const style = {
    font: anyFace(sheet, 'impact', 'black'),
    size,
    fill: '#fff',
    stroke: '#000',
    strokeWidth: size * random.between(0.1, 0.18),
  };
  const text = sheet.caption().toUpperCase();
  const { box } = place(sheet, text, ground, style);
  const scene = await drawScene(random, ground.width, ground.height);
  const first = await jpeg(
    await over(scene, ground.width, ground.height, say(sheet, text, box, style).svg),
    55,
  );
  const second = await jpeg(sharp(first).resize({ width: random.int(260, 330) }), random.between(40, 60));
  // Some forwarded pictures are enlarged again.
  return random.chance(0.5)
    ? { extension: 'jpg', bytes: second }
    : {
        extension: 'jpg',
        bytes: await jpeg(sharp(second).resize({ width: random.int(600, 900) }), random.between(50, 80)),
      };
};
