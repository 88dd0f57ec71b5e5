import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { createTextReader, type TextReader } from '../../../app/ocr/text-reader.ts';
import { drawCorpus, type Kind } from '../../bench/ocr/corpus.ts';
import { WAIT_HANGS_AFTER_MS } from '../../support/hang-guard.ts';
import { createPicturesToRead, noise, type PicturesToRead } from '../../support/media/pictures-to-read.ts';
import { expectReads, MODELS, readWithinBudget } from './text-reader.contract.ts';

// text-reader.long.test.ts reads more kinds and the largest pictures.

let pictures: PicturesToRead;
let reader: TextReader;
beforeAll(async () => {
  pictures = await createPicturesToRead();
  // Wall-clock time is long on a busy machine. The reader bounds processor time.
  reader = createTextReader({ modelsDir: MODELS, timeoutMs: WAIT_HANGS_AFTER_MS });
});
afterAll(async () => {
  await reader.stop();
  await pictures[Symbol.asyncDispose]();
});

const plain = (width: number, height: number, background = '#fff') =>
  sharp({ create: { width, height, channels: 3, background } });

/** Draws letters unknown to the models, large enough to pass for known ones. */
const script = (text: string) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="200"><rect width="100%" height="100%" fill="#fff"/><text x="30" y="120" font-size="60">${text}</text></svg>`,
    ),
  )
    .png()
    .toBuffer();

describe('the words of memes', () => {
  it.each<Kind>(['impact', 'chat-dark', 'gif'])('are read from %s', (kind) =>
    expectReads(reader, pictures, kind),
  );

  it('keep their ä and ö and their case', async () => {
    const path = await pictures.words(
      'finnish.png',
      { width: 900, height: 200, font: 56 },
      'Öljylähde Hyvää yötä',
    );
    expect((await reader.read([path])).text).toBe('Öljylähde Hyvää yötä');
  });

  it('are said once when several frames show them', async () => {
    const first = await pictures.words('f1.png', { width: 700, height: 200, font: 64 }, 'ENSIN KAHVI');
    const second = await pictures.words('f2.png', { width: 700, height: 200, font: 64 }, 'SITTEN SANAT');
    const { text } = await reader.read([first, first, second, second]);
    expect(text.split('\n').toSorted()).toEqual(['ENSIN KAHVI', 'SITTEN SANAT']);
  });

  it('have their places in a tall picture, in shares of its height', async () => {
    const [width, height] = [600, 4000];
    const words = (y: number, text: string) =>
      `<text x="40" y="${y}" font-size="48" font-family="DejaVu Sans, Liberation Sans, sans-serif">${text}</text>`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
      <rect width="100%" height="100%" fill="#fff"/>${words(800, 'ENSIN KAHVI')}${words(3400, 'SITTEN SANAT')}</svg>`;
    const path = await pictures.file('tall.png', await sharp(Buffer.from(svg)).png().toBuffer());
    const { text, lines } = await reader.read([path]);
    expect(text).toBe('ENSIN KAHVI\nSITTEN SANAT');
    expect(lines.map(({ letters }) => letters)).toEqual([10, 11]);
    for (const [i, base] of [800, 3400].entries()) {
      expect(Math.abs((lines[i]?.bottom ?? 0) * height - base)).toBeLessThan(10);
      expect(Math.abs((lines[i]?.top ?? 0) * height - (base - 36))).toBeLessThan(10);
    }
    // The frames of a moving picture have none.
    const other = await pictures.words('other.png', { width: 600, height: 4000, font: 48 }, 'KOLMAS KUVA');
    expect((await reader.read([path, other])).lines).toEqual([]);
  });

  it('are not made up where there are none', async () => {
    for await (const sample of drawCorpus({ seed: 11, count: 2, set: 'report', kinds: ['none'] })) {
      expect((await reader.read([await pictures.file(`none.${sample.extension}`, sample.bytes)])).text).toBe(
        '',
      );
    }
  });
});

describe('odd pictures', () => {
  /** Each must end in time, with few words. */
  it.each<[string, () => Promise<Buffer>]>([
    ['one pixel', () => plain(1, 1).png().toBuffer()],
    ['a line of pixels', () => plain(4000, 1).png().toBuffer()],
    ['nothing but white', () => plain(1200, 900).png().toBuffer()],
    ['nothing but black', () => plain(1200, 900, '#000').png().toBuffer()],
    ['noise', () => noise(1000, 1000)],
    ['Arabic and Hebrew', () => script('مرحبا بالعالم שלום לכולם')],
    ['Chinese and Japanese', () => script('你好世界 こんにちは世界')],
  ])('%s reads as nothing', async (_name, draw) => {
    expect(await readWithinBudget(reader, await pictures.file('odd.png', await draw()))).toBe('');
  });

  it('words at the very edge are read', async () => {
    const path = await pictures.words(
      'edge.png',
      { width: 620, height: 120, font: 64, left: 0 },
      'reunassa asti',
    );
    expect((await reader.read([path])).text).toMatch(/asti/);
  });

  it('a file that is no picture rejects, and the next one is read', async () => {
    await expect(
      reader.read([await pictures.file('broken.png', Buffer.from('not a picture'))]),
    ).rejects.toThrow();
    expect(
      (
        await reader.read([
          await pictures.words('next.png', { width: 600, height: 160, font: 56 }, 'seuraava kuva'),
        ])
      ).text,
    ).toBe('seuraava kuva');
  });
});
