import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { createTextReader, type TextReader } from '../../../app/ocr/text-reader.ts';
import { drawCorpus, type Kind } from '../../bench/ocr/corpus.ts';
import { WAIT_HANGS_AFTER_MS } from '../../support/hang-guard.ts';
import { createPicturesToRead, noise, type PicturesToRead } from '../../support/media/pictures-to-read.ts';
import { expectReads, MODELS, readWithinBudget } from './text-reader.contract.ts';

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

describe('the words of memes', () => {
  it.each<Kind>(['caption-bar', 'comic', 'rotated', 'bold-bar'])('are read from %s', (kind) =>
    expectReads(reader, pictures, kind),
  );

  it('are not made up where there are none', async () => {
    for await (const sample of drawCorpus({ seed: 11, count: 4, set: 'report', kinds: ['none'] })) {
      expect((await reader.read([await pictures.file(`none.${sample.extension}`, sample.bytes)])).text).toBe(
        '',
      );
    }
  });
});

describe('large pictures', () => {
  it.each<[string, () => Promise<Buffer>]>([
    [
      'a strip comic without words',
      () =>
        sharp({ create: { width: 800, height: 12_000, channels: 3, background: '#cde' } })
          .jpeg()
          .toBuffer(),
    ],
    ['noise of 24 megapixels', () => noise(6000, 4000)],
  ])('%s reads as nothing', async (_name, draw) => {
    expect(await readWithinBudget(reader, await pictures.file('odd.png', await draw()))).toBe('');
  });

  it('a strip comic of 800 by 12,000 pixels is read from its top to its end', async () => {
    const lines = Array.from(
      { length: 10 },
      (_, index) => `<text x="60" y="${600 + index * 1200}" font-size="64">ruutu ${index + 1} alkaa</text>`,
    );
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="12000" font-family="DejaVu Sans"><rect width="100%" height="100%" fill="#fff"/>${lines.join('')}</svg>`;
    const path = await pictures.file('strip.png', await sharp(Buffer.from(svg)).png().toBuffer());
    const text = await readWithinBudget(reader, path);
    expect(text.split('\n')).toHaveLength(10);
    expect(text).toMatch(/^ruutu 1 alkaa\n[^]*\nruutu 10 alkaa$/);
  });

  it('a page of a thousand words is read for as long as the budget lasts', async () => {
    const lines = Array.from(
      { length: 50 },
      (_, index) =>
        `<text x="20" y="${40 + index * 26}" font-size="17">${'sana toinen kolmas '.repeat(7)}</text>`,
    );
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1400" height="1360" font-family="DejaVu Sans"><rect width="100%" height="100%" fill="#fff"/>${lines.join('')}</svg>`;
    const path = await pictures.file('thousand.png', await sharp(Buffer.from(svg)).png().toBuffer());
    const text = await readWithinBudget(reader, path);
    expect(text.match(/sana|toinen|kolmas/g)?.length).toBeGreaterThan(500);
  });
});
