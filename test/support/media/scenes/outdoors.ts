import * as draw from './parts.ts';

const drops = (colour: string) =>
  Array.from({ length: 60 }, (_, i) => {
    const [x, y] = [((i * 37) % 150) - 25, ((i * 53) % 110) - 5];
    return draw.line(`M${x} ${y}l-1.500 4`, 0.7, colour);
  }).join('');

const flakes = Array.from({ length: 46 }, (_, i) =>
  draw.circle(((i * 41) % 160) - 30, ((i * 59) % 100) - 4, 0.6 + (i % 3) * 0.35, '#fff'),
).join('');

const rocket =
  draw.backdrop('#2b3a6b', '#f2a07b') +
  draw.ground(84, '#4b3f55') +
  draw.group(
    52,
    46,
    1.2,
    draw.shape('M-7 20c2 10-4 14 7 22c11-8 5-12 7-22z', '#ff9a3d') +
      draw.shape('M-3.500 20c1 6-2 8 3.500 14c5.500-6 2.500-8 3.500-14z', '#ffe07a') +
      draw.shape('M-9 8l-8 14 9-3zM9 8l8 14-9-3z', '#e4574d') +
      draw.shape('M0 -28c12 10 12 32 8 48h-16c-4-16-4-38 8-48z', '#f4f6fb') +
      draw.circle(0, -4, 5, '#6bb6e8') +
      draw.line('M-7 8l6 4-4 4', 1),
    24,
  ) +
  [
    [28, 88, 9],
    [42, 90, 11],
    [58, 92, 9],
    [20, 94, 8],
    [70, 94, 8],
  ]
    .map(([x = 0, y = 0, r = 0]) => draw.circle(x, y, r, '#d8d3dd'))
    .join('') +
  draw.group(
    82,
    74,
    0.7,
    draw.line('M0 0v14', 2) + draw.box(-13, -10, 26, 11, '#ffcb3d', 1) + draw.text(0, -2, 6.5, 'PE 16:59'),
  );

const cabin =
  draw.backdrop('#ffb07a', '#ffe3b8') +
  draw.circle(64, 46, 9, '#fff1c9') +
  draw.shape('M-50 56c30-10 60-6 90-3s60-5 110 2v20H-50z', '#3f6f63') +
  [
    [-6, 60, 0.9],
    [6, 62, 1.1],
    [20, 60, 0.8],
    [86, 61, 1],
    [98, 63, 1.2],
  ]
    .map(([x = 0, y = 0, s = 0]) => draw.spruce(x, y, s))
    .join('') +
  draw.ground(62, '#5f9fc4') +
  draw.line('M50 68h26M44 74h18M60 82h30', 0.8, '#fff8') +
  draw.box(22, 48, 24, 15, '#a33b2e') +
  draw.shape('M19 49L34 37L49 49z', '#3a2f2f') +
  draw.box(31, 54, 6, 9, '#f4e6d0') +
  draw.box(40, 53, 4, 4, '#ffe07a') +
  draw.box(18, 63, 34, 3, '#8a6a4a') +
  draw.group(
    72,
    78,
    1,
    draw.box(-8, -15, 16, 28, '#20232e', 2.5) +
      draw.box(-6.5, -12, 13, 21, '#eef2fa', 0.8) +
      draw.line('M-4 4v-1M-1.500 4v-3M1 4v-5M3.500 4v-7', 1.3, '#b8c0d0') +
      draw.line('M-5 -8l10 12', 1.4, '#e4574d'),
    12,
  );

const camp =
  draw.backdrop('#7cc4ea', '#dff3ff') +
  draw.cloud(20, 30, 0.7) +
  draw.cloud(86, 24, 0.6) +
  draw.shape('M-30 78L22 30L50 62L66 44L130 80z', '#6f7fa8') +
  draw.shape('M22 30l-9 9 6 0 3 4 4-3 5 1zM66 44l-6 7 5-1 3 3 5-2z', '#fff') +
  draw.ground(72, '#6fae5a') +
  draw.spruce(4, 76, 1) +
  draw.spruce(94, 78, 1.1) +
  draw.shape('M56 80L74 56L92 80z', '#e4874d') +
  draw.shape('M68 80l6-14 6 14z', '#7d4326') +
  draw.group(32, 86, 1.5, draw.mug('#3f6fb5')) +
  draw.steam(32, 55);

const sun =
  draw.backdrop('#8796ad', '#c8d3e0') +
  draw.circle(50, 44, 17, '#ffd24a') +
  Array.from({ length: 12 }, (_, i) =>
    draw.group(50, 44, 1, draw.line('M0 -20v-6', 2, '#ffd24a'), i * 30),
  ).join('') +
  draw.group(50, 42, 1.3, draw.eyes(4, -1, 2.2, 0.6) + draw.line('M-3 4c2 2 4 2 6 0', 1)) +
  draw.cloud(26, 54, 1.7, '#e9eef5') +
  draw.cloud(74, 58, 1.9, '#dbe3ee') +
  draw.ground(80, '#7fa06a') +
  draw.box(20, 66, 14, 16, '#c9705a') +
  draw.shape('M18 67l9-8 9 8z', '#5b3a3a') +
  draw.box(64, 64, 18, 18, '#d9b06a') +
  draw.shape('M62 65l11-9 11 9z', '#4a4458') +
  draw.box(25, 71, 4, 5, '#ffe9a8') +
  draw.box(70, 70, 5, 5, '#ffe9a8');

const shorts =
  draw.backdrop('#9cc7e6', '#e4f3fd') +
  draw.ground(74, '#fff') +
  draw.spruce(8, 76, 1.1, '#4f7f78') +
  draw.spruce(92, 76, 0.9, '#4f7f78') +
  draw.group(
    50,
    48,
    1,
    draw.box(-9, 26, 6, 14, '#f3b9a0', 2) +
      draw.box(3, 26, 6, 14, '#f3b9a0', 2) +
      draw.box(-12, 38, 10, 5, '#6b3f2a', 2) +
      draw.box(2, 38, 10, 5, '#6b3f2a', 2) +
      draw.shape('M-12 16h24l1 13h-11l-2-6-2 6h-11z', '#3f8fb5') +
      draw.box(-14, -4, 28, 22, '#d9483f', 6) +
      draw.box(-20, -2, 8, 18, '#d9483f', 4) +
      draw.box(12, -2, 8, 18, '#d9483f', 4) +
      draw.circle(0, -13, 11, '#f3b9a0') +
      draw.eyes(4, -13, 2.2) +
      draw.oval(0, -9, 1.8, 1.4, '#e4574d') +
      draw.line('M-4 -6h8', 1) +
      draw.shape('M-12 -16c0-14 24-14 24 0z', '#2f5d8a') +
      draw.circle(0, -28, 3.4, '#fff') +
      draw.box(-12, -4, 24, 5, '#ffcb3d', 2),
  ) +
  draw.group(
    80,
    52,
    1,
    draw.box(-4, -18, 8, 32, '#fff', 4) +
      draw.box(-1, 2, 2, 8, '#3f6fb5') +
      draw.circle(0, 12, 4.5, '#3f6fb5') +
      draw.text(0, -22, 6, '−27°'),
  ) +
  flakes;

const desert =
  draw.backdrop('#ffdf9e', '#ffc07a') +
  draw.circle(80, 32, 9, '#fff6d8') +
  draw.ground(68, '#e0a05c') +
  draw.shape('M-50 70c30-9 60 3 90-2s60-4 110 4v40H-50z', '#d08e4b') +
  draw.group(
    24,
    74,
    1,
    draw.box(-5, -34, 10, 36, '#4f8f5a', 5) +
      draw.box(-16, -22, 6, 14, '#4f8f5a', 3) +
      draw.box(-16, -12, 14, 6, '#4f8f5a', 3) +
      draw.box(10, -26, 6, 14, '#4f8f5a', 3) +
      draw.box(2, -17, 14, 6, '#4f8f5a', 3),
  ) +
  draw.group(
    60,
    56,
    1.2,
    draw.line('M12 12l14 15', 5, '#6b4636') +
      draw.circle(0, 0, 17, '#4a5578') +
      draw.circle(0, 0, 14, '#dff3ff') +
      draw.eyes(5, -1, 3.4, -0.7) +
      draw.line('M-3 7c2-1.500 4-1.500 6 0', 1),
  ) +
  draw.group(
    84,
    84,
    0.9,
    draw.circle(0, 0, 6, '#b98a4d') +
      draw.line('M-5 -2c4 2 8-3 9 3M-3 4c3-4 5 0 6-3M-2 -5c0 4 4 6 3 9', 0.8, '#7d5a2e'),
  );

const bonfire =
  draw.backdrop('#55657f', '#9fb0bf') +
  draw.cloud(24, 18, 1.3, '#7d8a9c') +
  draw.cloud(70, 14, 1.6, '#8b98a9') +
  draw.shape('M-50 62c40-8 70-4 200-2v20H-50z', '#44655c') +
  draw.ground(66, '#5d86a0') +
  draw.shape('M56 76c0-14 8-12 10-24c8 8 5 11 8 12c2-4 1-6 1-9c8 8 8 13 8 21z', '#ff9a3d') +
  draw.shape('M62 76c0-8 5-7 6-14c5 5 4 8 8 14z', '#ffe07a') +
  draw.line('M54 78l30-4M54 74l30 4', 3, '#5b3a29') +
  draw.group(
    30,
    66,
    1.1,
    draw.line('M0 -26V12', 1.2) +
      draw.shape(
        'M-22 -14c2-22 42-22 44 0c-4-4-8-4-11 0c-3-4-8-4-11 0c-3-4-8-4-11 0c-3-4-7-4-11 0z',
        '#e4574d',
      ),
  ) +
  draw.group(30, 70, 1, draw.catHead('#d8d3cf', '#e8b6bd', 0.7, '#d8d3cf')) +
  draw.ground(84, '#4d6b4a') +
  drops('#dcebf6cc');

const dog =
  draw.backdrop('#ffcf5c', '#ff9f68') +
  draw.box(64, 20, 26, 26, '#fff', 2) +
  draw.box(64, 20, 26, 7, '#e4574d', 2) +
  draw.text(77, 41, 11, 'KE') +
  draw.group(44, 62, 2.1, draw.dogHead('#e9dcc6', '#8a6a4a', 0.6)) +
  draw.ground(86, '#3f6fb5') +
  draw.oval(26, 86, 8, 5, '#e9dcc6') +
  draw.oval(62, 86, 8, 5, '#e9dcc6');

const bus =
  draw.backdrop('#a9d3f0', '#eaf6fd') +
  draw.cloud(20, 28, 0.8) +
  draw.cloud(78, 22, 0.7) +
  draw.ground(72, '#8b8f99') +
  draw.line('M-20 84h16M10 84h16M40 84h16M70 84h16', 1.6, '#fff') +
  draw.group(
    72,
    72,
    1,
    draw.box(-24, -32, 60, 30, '#3f8f5f', 4) +
      draw.box(-20, -28, 50, 12, '#cfe8f7', 2) +
      draw.line('M-8 -28v12M6 -28v12M19 -28v12', 1.4, '#3f8f5f') +
      draw.circle(-10, -2, 6, '#2b2438') +
      draw.circle(-10, -2, 2.6, '#aab0c4') +
      draw.circle(20, -2, 6, '#2b2438') +
      draw.circle(20, -2, 2.6, '#aab0c4'),
  ) +
  [
    [42, 66, 4],
    [36, 68, 3],
    [31, 69, 2.2],
  ]
    .map(([x = 0, y = 0, r = 0]) => draw.circle(x, y, r, '#b9bdc6'))
    .join('') +
  draw.line('M8 80V38', 1.8, '#4a5578') +
  draw.box(2, 32, 12, 9, '#ffcb3d', 1.5) +
  draw.group(
    22,
    58,
    0.85,
    draw.box(-8, 8, 16, 20, '#6b4fa0', 5) +
      draw.line('M8 12l13-8', 4, '#6b4fa0') +
      draw.circle(0, -2, 10, '#f3b9a0') +
      draw.eyes(4, -3, 2.4, 0.8) +
      draw.oval(1, 4, 2.4, 2, '#2b2438') +
      draw.shape('M-10 -4c0-12 20-12 20 0c-6-4-14-4-20 0z', '#6b3f2a'),
  );

/** Scenes under the sky. */
export const OUTDOORS = { rocket, cabin, camp, sun, shorts, desert, bonfire, dog, bus };
