import sharp, { type OverlayOptions } from 'sharp';
import { drawScene } from './scenes.ts';
import { colourPair, jpeg, over, say, svgOf, type Draw, type Drawn, type Sheet } from './sheet.ts';
import { wrap, type Lettering } from './type.ts';

/** White (or bright) letters with a dark outline at the top and the bottom: the classic meme. */
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

async function impactScene(sheet: Sheet) {
  const { random } = sheet;
  const width = random.int(560, 1080);
  const height = Math.round(width * random.between(0.65, 1.2));
  const scene = await drawScene(random, width, height);
  return { image: await over(scene, width, height, impactCaptions(sheet, width, height)), width, height };
}

export const impact: Draw = async (sheet) => {
  const { image } = await impactScene(sheet);
  return { extension: 'jpg', bytes: await jpeg(image, sheet.random.between(55, 92)) };
};

/** A picture saved from a chat, shrunk and saved again. */
export const impactSmall: Draw = async (sheet) => {
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

export const captionBar: Draw = (sheet) => {
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

/** Letters about 100 px high with strokes as wide as small speech bubbles. */
export const boldBar: Draw = (sheet) => {
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

export const multiPanel: Draw = async (sheet) => {
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

/**
 * Text photographed or pasted at a slant of 1.5 to 4 degrees. Letters have an outline or a box of
 * flat colour.
 */
export const rotated: Draw = async (sheet) => {
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

/** An animation. The words appear late and stay until the end. */
export const gif: Draw = async (sheet) => {
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

export const none: Draw = async (sheet) => {
  const { random } = sheet;
  const width = random.int(500, 1200);
  const scene = await drawScene(random, width, Math.round(width * random.between(0.6, 1.3)));
  return { extension: 'jpg', bytes: await jpeg(scene, random.between(50, 92)) };
};
