/** Parts of drawn scenes, as SVG. A scene is 100 × 100; a wide or tall picture shows its middle. */

const INK = '#2b2438';

/** Sky or wall: a gradient from top to bottom, larger than the scene. */
export const backdrop = (top: string, bottom: string): string => `
  <linearGradient id="back" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>
  <rect x="-50" y="-50" width="200" height="200" fill="url(#back)"/>`;

/** Floor or ground from this height downwards. */
export const ground = (top: number, colour: string): string =>
  `<rect x="-50" y="${top}" width="200" height="150" fill="${colour}"/>`;

export const group = (x: number, y: number, scale: number, parts: string, turn = 0): string =>
  `<g transform="translate(${x} ${y}) scale(${scale}) rotate(${turn})">${parts}</g>`;

export const circle = (x: number, y: number, radius: number, colour: string): string =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}"/>`;

export const oval = (x: number, y: number, rx: number, ry: number, colour: string): string =>
  `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${colour}"/>`;

export const box = (x: number, y: number, width: number, height: number, colour: string, round = 0): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" fill="${colour}"/>`;

export const shape = (d: string, colour: string): string => `<path d="${d}" fill="${colour}"/>`;

export const line = (d: string, width = 1.2, colour = INK): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;

/** Two eyes around x = 0. They look to one side, and may be half closed. */
export const eyes = (apart: number, y: number, size: number, look = 0, lid = ''): string =>
  [-apart, apart]
    .map(
      (x) =>
        circle(x, y, size, '#fff') +
        circle(x + look * size * 0.4, y + size * 0.15, size * 0.6, INK) +
        circle(x + look * size * 0.4 + size * 0.2, y - size * 0.15, size * 0.18, '#fff') +
        (lid && shape(`M${x - size - 0.3} ${y}a${size + 0.3} ${size + 0.3} 0 0 1 ${2 * size + 0.6} 0z`, lid)),
    )
    .join('');

/** Head of a cat, 30 wide, around (0, 0). */
export const catHead = (fur: string, inner: string, look = 0, lid = ''): string =>
  shape('M-14 -4L-13 -19L-3 -12zM14 -4L13 -19L3 -12z', fur) +
  shape('M-12 -8L-11.500 -15L-6 -11zM12 -8L11.500 -15L6 -11z', inner) +
  oval(0, 0, 15, 13, fur) +
  oval(0, 5, 7, 5.5, '#fff6') +
  eyes(6, -2, 3.4, look, lid) +
  shape('M-1.500 3h3l-1.500 2z', '#e2788b') +
  line('M0 5c0 2.500-4 2.500-4 .5M0 5c0 2.500 4 2.500 4 .5', 0.7) +
  line('M-9 4l-9-2M-9 6l-9 1M9 4l9-2M9 6l9 1', 0.4);

/** Head of a dog, 30 wide, around (0, 0). */
export const dogHead = (fur: string, ear: string, look = 0, lid = ''): string =>
  oval(0, 0, 13, 14, fur) +
  oval(0, 7, 8.5, 7, '#fff3e0') +
  `<g transform="rotate(18 -12 0)">${oval(-13, 0, 5, 11, ear)}</g><g transform="rotate(-18 12 0)">${oval(13, 0, 5, 11, ear)}</g>` +
  eyes(5, -3, 3, look, lid) +
  oval(0, 4, 3, 2, INK) +
  line('M0 6v3M0 9c-2 2-4 1-5 0M0 9c2 2 4 1 5 0', 0.8);

/** Mug with a face, 20 wide, standing on (0, 0). */
export const mug = (colour: string, mood: 'glad' | 'tired' = 'glad'): string =>
  `<path d="M9 -15h4a5 5 0 0 1 0 10h-4" fill="none" stroke="${colour}" stroke-width="2.500"/>` +
  box(-10, -19, 20, 19, colour, 3) +
  oval(0, -18.5, 10, 2.6, '#5b3a29') +
  eyes(3.6, -10, 1.8, 0, mood === 'tired' ? colour : '') +
  line(mood === 'tired' ? 'M-2 -5h4' : 'M-3 -6c1.500 2.500 4.500 2.500 6 0', 0.8);

export const steam = (x: number, y: number, colour = '#fffa'): string =>
  line(`M${x - 5} ${y}c-3-4 3-6 0-11M${x} ${y}c-3-4 3-6 0-12M${x + 5} ${y}c-3-4 3-6 0-11`, 1.4, colour);

export const cloud = (x: number, y: number, scale: number, colour = '#fff'): string =>
  group(
    x,
    y,
    scale,
    circle(-9, 0, 6, colour) +
      circle(0, -4, 9, colour) +
      circle(10, 0, 7, colour) +
      box(-14, 0, 30, 7, colour, 3.5),
  );

export const spruce = (x: number, y: number, scale: number, colour = '#1f5c4a'): string =>
  group(
    x,
    y,
    scale,
    box(-1.5, -4, 3, 5, '#5b3a29') + shape('M0 -34L8 -20H4L11 -11H6L13 -3H-13L-6 -11H-11L-4 -20H-8z', colour),
  );

export const laptop = (screen: string): string =>
  box(-22, -30, 44, 28, '#3a3f55', 2) +
  box(-20, -28, 40, 24, screen, 1) +
  shape('M-26 -2h52l3 4h-58z', '#aab0c4');

export const text = (x: number, y: number, size: number, words: string, colour = INK): string =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="700" font-family="DejaVu Sans, sans-serif" fill="${colour}" text-anchor="middle">${words}</text>`;
