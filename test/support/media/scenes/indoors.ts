import * as draw from './parts.ts';

const bed =
  draw.backdrop('#5b6cae', '#a7b5e0') +
  draw.box(62, 18, 24, 26, '#24305e', 2) +
  draw.circle(78, 27, 5, '#ffe9a8') +
  draw.ground(74, '#7a5646') +
  draw.box(4, 46, 8, 36, '#6b4636', 3) +
  draw.box(8, 58, 84, 18, '#fff', 6) +
  draw.group(32, 55, 1, draw.dogHead('#d99a5b', '#a8683a', 0, '#d99a5b')) +
  draw.shape('M22 66c20-8 50-8 74 0v14H22z', '#ffcb3d') +
  draw.line('M30 68c14-4 40-4 58 0', 1, '#e0a81f') +
  draw.group(
    80,
    50,
    0.8,
    draw.circle(0, 0, 8, '#e4574d') +
      draw.circle(0, 0, 6, '#fff') +
      draw.line('M0 0V-4M0 0l3 1', 1) +
      draw.circle(-5, -8, 3, '#e4574d') +
      draw.circle(5, -8, 3, '#e4574d'),
  );

const tabs =
  draw.backdrop('#1d2b4f', '#3f5fa3') +
  draw.box(8, 24, 84, 56, '#f4f6fb', 3) +
  draw.box(8, 24, 84, 9, '#c9d2e6', 3) +
  Array.from({ length: 22 }, (_, i) =>
    draw.box(10 + i * 3.6, 26.5, 3, 7, i % 5 === 2 ? '#ffcb3d' : '#eef1f8', 0.8),
  ).join('') +
  draw.group(50, 64, 1.25, draw.catHead('#8a8f9f', '#e8b6bd', 0.4, '#8a8f9f')) +
  draw.oval(40, 80, 7, 4, '#8a8f9f') +
  draw.oval(60, 80, 7, 4, '#8a8f9f');

const coffee =
  draw.backdrop('#ffd9a0', '#f2a56b') +
  draw.circle(78, 34, 14, '#fff3c4') +
  draw.ground(72, '#8d5a3b') +
  draw.group(50, 76, 2, draw.mug('#e4574d', 'tired')) +
  draw.steam(50, 36);

const bugs =
  draw.backdrop('#e9f0ff', '#b7c8ee') +
  draw.ground(76, '#c08a5c') +
  draw.group(
    50,
    76,
    1.7,
    draw.laptop('#16213d') +
      [0, 1, 2, 3, 4]
        .map((i) =>
          draw.line(
            `M-17 ${-25 + i * 4}h${[10, 22, 16, 26, 8][i]}`,
            1,
            ['#7ee0a3', '#ffcb3d', '#8fb8ff', '#ff9aa2', '#7ee0a3'][i],
          ),
        )
        .join(''),
  ) +
  [
    [34, 34, -20],
    [66, 56, 25],
  ]
    .map(([x = 0, y = 0, turn = 0]) =>
      draw.group(
        x,
        y,
        1.1,
        draw.line('M-7 -4l-4-2M-7 0h-5M-7 4l-4 3M7 -4l4-2M7 0h5M7 4l4 3', 1) +
          draw.circle(0, -7, 4.5, '#2b2438') +
          draw.oval(0, 0, 8, 8.5, '#e4352f') +
          draw.line('M0 -8V8', 1) +
          draw.circle(-4, -2, 1.6, '#2b2438') +
          draw.circle(4, 2, 1.6, '#2b2438') +
          draw.circle(-3, 4, 1.4, '#2b2438') +
          draw.circle(3, -4, 1.4, '#2b2438') +
          draw.eyes(2, -8, 1.4),
        turn,
      ),
    )
    .join('');

const plate =
  draw.backdrop('#9fd8c8', '#5fae9d') +
  draw.group(50, 52, 1.7, draw.catHead('#f0a04b', '#f7cfc0', 0)) +
  draw.ground(70, '#9a6a44') +
  draw.oval(34, 70, 6, 4, '#f0a04b') +
  draw.oval(66, 70, 6, 4, '#f0a04b') +
  draw.oval(50, 82, 24, 6, '#fff') +
  draw.oval(50, 81, 17, 4, '#e7ecf3') +
  draw.oval(46, 79, 8, 3.5, '#f08a6c') +
  draw.circle(58, 79, 3, '#79b356');

const sauna =
  draw.backdrop('#d09a5e', '#8a5630') +
  [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => draw.line(`M-50 ${8 + i * 11}h200`, 0.5, '#0003')).join('') +
  draw.ground(84, '#6b4127') +
  draw.box(58, 52, 28, 34, '#3a3f4a', 3) +
  draw.box(64, 68, 16, 10, '#1d2026', 2) +
  draw.shape('M66 78c0-6 3-5 4-9 3 3 2 4 4 4 1-2 0-3 0-4 4 3 4 6 4 9z', '#ff9a3d') +
  [60, 66, 72, 78, 84]
    .map((x, i) => draw.oval(x, 50 - (i % 2) * 2, 4.5, 3.5, i % 2 ? '#8c8f97' : '#6f727b'))
    .join('') +
  draw.steam(66, 44, '#fffc') +
  draw.steam(80, 40, '#fffc') +
  draw.box(6, 66, 44, 6, '#e2b27a', 1) +
  draw.group(
    26,
    52,
    1,
    draw.oval(0, 12, 11, 9, '#f3b9a0') +
      draw.circle(0, -4, 11, '#f3b9a0') +
      draw.eyes(4, -5, 2.2, 0.5) +
      draw.oval(-6, 0, 2.4, 1.6, '#e4574d88') +
      draw.oval(6, 0, 2.4, 1.6, '#e4574d88') +
      draw.line('M-3 2c2 2.500 4 2.500 6 0', 1) +
      draw.shape('M-11 -8c0-12 22-12 22 0c-6-3-16-3-22 0z', '#7aa35a'),
  ) +
  draw.line('M36 56L56 46', 1.6, '#e2b27a') +
  draw.oval(57, 45, 4, 2.6, '#e2b27a');

const snowman =
  draw.backdrop('#c98b54', '#7d4a2a') +
  [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => draw.line(`M-50 ${6 + i * 11}h200`, 0.5, '#0003')).join('') +
  draw.ground(78, '#5f3a22') +
  draw.oval(50, 83, 36, 6, '#bfe3f5') +
  draw.oval(50, 70, 22, 14, '#f2fbff') +
  draw.circle(50, 46, 14, '#fff') +
  draw.group(
    50,
    44,
    1,
    draw.eyes(5, -2, 2.4) + draw.shape('M0 1l14 3-14 2z', '#ff8a3d') + draw.line('M-5 9c3 2 7 2 10 0', 1),
  ) +
  draw.box(38, 30, 24, 4, '#2b2438', 1) +
  draw.box(42, 18, 16, 13, '#2b2438', 1) +
  draw.line('M34 52c-1 3-1 5 0 6M66 56c-1 3-1 5 0 7M60 66c-1 3-1 4 0 5', 2, '#9fd3ee') +
  draw.line('M30 68L14 58M70 68l16-8', 1.8, '#5b3a29') +
  draw.group(86, 60, 0.5, draw.mug('#e4574d'));

const crumbs =
  draw.backdrop('#f6d7e3', '#d88fae') +
  draw.group(58, 46, 1.6, draw.dogHead('#c98b54', '#7d4a2a', -0.9)) +
  draw.ground(70, '#8c5f8f') +
  draw.oval(36, 80, 24, 6, '#fff') +
  draw.oval(36, 79, 17, 4, '#edf0f5') +
  [
    [30, 78],
    [34, 80],
    [39, 77],
    [43, 80],
    [36, 79],
    [66, 66],
    [52, 64],
    [61, 70],
  ]
    .map(([x = 0, y = 0]) => draw.circle(x, y, 1.1, '#b9773f'))
    .join('');

const works =
  draw.backdrop('#d9f2dc', '#8fcf9f') +
  draw.ground(78, '#b98a62') +
  draw.group(
    50,
    78,
    1.8,
    draw.laptop('#eafff0') + draw.circle(0, -16, 9, '#2fa35c') + draw.line('M-4 -16l3 3 6-6', 2, '#fff'),
  ) +
  draw.group(24, 40, 1, draw.box(-12, -3, 24, 6, '#d8c28acc'), -40) +
  draw.group(76, 62, 1, draw.box(-13, -3, 26, 6, '#d8c28acc'), 35) +
  draw.line('M14 86c-8 4-14-2-20 4', 1.4, '#444') +
  draw.shape('M82 44l3-8 2 5 5-7 0 7 6-3-5 8z', '#ffcb3d');

const owl =
  draw.backdrop('#141a36', '#2c3a72') +
  draw.ground(80, '#1c2142') +
  draw.box(10, 48, 80, 32, '#7b3f61', 8) +
  draw.box(4, 56, 16, 26, '#8e4a70', 6) +
  draw.box(80, 56, 16, 26, '#8e4a70', 6) +
  draw.box(16, 66, 68, 14, '#9a557c', 5) +
  draw.group(
    50,
    54,
    1.2,
    draw.oval(0, 4, 14, 17, '#a4754a') +
      draw.oval(0, 9, 8, 10, '#e6c79c') +
      draw.shape('M-13 -8l1-10 8 6zM13 -8l-1-10-8 6z', '#a4754a') +
      draw.eyes(6, -4, 5.5, 0) +
      draw.shape('M-2 1h4l-2 4z', '#ffb03d'),
  ) +
  draw.shape('M34 100L44 84h12l10 16z', '#8fd0ff33') +
  draw.box(38, 86, 24, 16, '#bfe4ff', 1);

const bookcat =
  draw.backdrop('#f3e3c8', '#cfae7d') +
  draw.ground(84, '#7a5236') +
  [
    ['#e4574d', 64],
    ['#3f6fb5', 70],
    ['#3d8f6a', 76],
  ]
    .map(
      ([colour, y], i) =>
        draw.box(24 - i * 2, Number(y), 52 + i * 4, 7, String(colour), 1) +
        draw.box(27, Number(y) + 2, 4, 3, '#fff8'),
    )
    .join('') +
  draw.oval(50, 60, 15, 12, '#4a4a58') +
  draw.group(
    50,
    42,
    1.2,
    draw.catHead('#4a4a58', '#c9929b', 0, '#4a4a58') +
      draw.line(
        'M-2 -2h4M-10 -2a4.500 4.500 0 1 0 9 0a4.500 4.500 0 1 0-9 0M1 -2a4.500 4.500 0 1 0 9 0a4.500 4.500 0 1 0-9 0',
        1.1,
        '#ffcb3d',
      ),
  ) +
  draw.oval(43, 66, 5, 3, '#4a4a58') +
  draw.oval(57, 66, 5, 3, '#4a4a58');

/** Scenes in a house. */
export const INDOORS = { bed, tabs, coffee, bugs, plate, sauna, snowman, crumbs, works, owl, bookcat };
