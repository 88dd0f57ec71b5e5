import sharp from 'sharp';
import { colourOf, colourPair, jpeg, say, svgOf, type Draw, type Sheet } from './sheet.ts';
import { wrap } from './type.ts';

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

export const comic: Draw = async (sheet) => {
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
