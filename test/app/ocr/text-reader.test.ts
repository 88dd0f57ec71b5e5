import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTextReader, type TextReader } from '../../../app/ocr/text-reader.ts';
import { drawCorpus, type Kind } from '../../bench/ocr/corpus.ts';
import { add, precision, recall, score } from '../../bench/ocr/score.ts';

const MODELS = join(import.meta.dirname, '../../../models');
let folder: string;
let reader: TextReader;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-reader-'));
  // Wall-clock time is long on a busy machine. The reader bounds processor time.
  reader = createTextReader({ modelsDir: MODELS, timeoutMs: 280_000 });
});
afterAll(async () => {
  await reader.stop();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const plain = (width: number, height: number, background = '#fff') =>
  sharp({ create: { width, height, channels: 3, background } });

/** Draws dark words on white, from the left edge. */
async function words(
  name: string,
  width: number,
  height: number,
  text: string,
  size: number,
  x = 20,
): Promise<string> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>
    <text x="${x}" y="${size * 1.5}" font-size="${size}" font-family="DejaVu Sans, Liberation Sans, sans-serif">${text}</text></svg>`;
  return file(name, await sharp(Buffer.from(svg)).png().toBuffer());
}

describe('the words of memes', () => {
  // Kinds of the corpus, one picture in each language. The limits are far above the result of a
  // plain tesseract pass.
  it.each<Kind>(['impact', 'caption-bar', 'chat-dark', 'comic', 'rotated', 'bold-bar', 'gif'])(
    'are read from %s',
    async (kind) => {
      const scores = [];
      for await (const sample of drawCorpus({ seed: 7, count: 2, set: 'report', kinds: [kind] })) {
        const path = await file(`${kind}.${sample.extension}`, sample.bytes);
        scores.push(score(sample.text, (await reader.read([path])).text));
      }
      const total = add(scores);
      expect(recall(total)).toBeGreaterThanOrEqual(0.8);
      expect(precision(total)).toBeGreaterThanOrEqual(0.85);
    },
  );

  it('keep their ä and ö and their case', async () => {
    const path = await words('finnish.png', 900, 200, 'Öljylähde Hyvää yötä', 56);
    expect((await reader.read([path])).text).toBe('Öljylähde Hyvää yötä');
  });

  it('are said once when several frames show them', async () => {
    const first = await words('f1.png', 700, 200, 'ENSIN KAHVI', 64);
    const second = await words('f2.png', 700, 200, 'SITTEN SANAT', 64);
    const { text } = await reader.read([first, first, second, second]);
    expect(text.split('\n').toSorted()).toEqual(['ENSIN KAHVI', 'SITTEN SANAT']);
  });

  it('are not made up where there are none', async () => {
    for await (const sample of drawCorpus({ seed: 11, count: 4, set: 'report', kinds: ['none'] })) {
      expect((await reader.read([await file(`none.${sample.extension}`, sample.bytes)])).text).toBe('');
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
    ['a strip comic without words', () => plain(800, 12_000, '#cde').jpeg().toBuffer()],
    ['noise', () => noise(1000, 1000)],
    ['noise of 24 megapixels', () => noise(6000, 4000)],
    ['Arabic and Hebrew', () => script('مرحبا بالعالم שלום לכולם')],
    ['Chinese and Japanese', () => script('你好世界 こんにちは世界')],
  ])('%s reads as nothing', async (_name, draw) => {
    const path = await file('odd.png', await draw());
    const before = engineSeconds();
    expect((await reader.read([path])).text).toBe('');
    expect(engineSeconds() - before).toBeLessThan(LIMIT_S);
  });

  it('a strip comic of 800 by 12,000 pixels is read from its top to its end', async () => {
    const lines = Array.from(
      { length: 10 },
      (_, index) => `<text x="60" y="${600 + index * 1200}" font-size="64">ruutu ${index + 1} alkaa</text>`,
    );
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="12000" font-family="DejaVu Sans"><rect width="100%" height="100%" fill="#fff"/>${lines.join('')}</svg>`;
    const path = await file('strip.png', await sharp(Buffer.from(svg)).png().toBuffer());
    const before = engineSeconds();
    const { text } = await reader.read([path]);
    expect(engineSeconds() - before).toBeLessThan(LIMIT_S);
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
    const path = await file('thousand.png', await sharp(Buffer.from(svg)).png().toBuffer());
    const before = engineSeconds();
    const { text } = await reader.read([path]);
    expect(engineSeconds() - before).toBeLessThan(LIMIT_S);
    expect(text.match(/sana|toinen|kolmas/g)?.length).toBeGreaterThan(500);
  });

  it('words at the very edge are read', async () => {
    const path = await words('edge.png', 620, 120, 'reunassa asti', 64, 0);
    expect((await reader.read([path])).text).toMatch(/asti/);
  });

  it('a file that is no picture rejects, and the next one is read', async () => {
    await expect(reader.read([await file('broken.png', Buffer.from('not a picture'))])).rejects.toThrow();
    expect((await reader.read([await words('next.png', 600, 160, 'seuraava kuva', 56)])).text).toBe(
      'seuraava kuva',
    );
  });
});

/** Limit of processor time per picture, seconds. */
const LIMIT_S = 15;

/** Returns the processor seconds of this test's OCR processes so far. */
function engineSeconds(): number {
  const times = execFileSync('sh', ['-c', `ps -o cputimes= --ppid ${process.pid} || true`]).toString();
  return times
    .split('\n')
    .map(Number)
    .reduce((sum, seconds) => sum + seconds, 0);
}

/** Draws letters unknown to the models, large enough to pass for known ones. */
const script = (text: string) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="200"><rect width="100%" height="100%" fill="#fff"/><text x="30" y="120" font-size="60">${text}</text></svg>`,
    ),
  )
    .png()
    .toBuffer();

async function noise(width: number, height: number): Promise<Buffer> {
  const create = {
    width,
    height,
    channels: 3,
    background: '#888',
    noise: { type: 'gaussian', mean: 128, sigma: 60 },
  } as const;
  return sharp({ create }).png().toBuffer();
}

describe('the engine process', () => {
  const engines = () =>
    execFileSync('sh', ['-c', `pgrep -P ${process.pid} -f 'engine[.]process' || true`])
      .toString()
      .split('\n')
      .filter(Boolean);

  it('starts with the first read, survives being killed, and ends with the reader', async () => {
    const own = createTextReader({ modelsDir: MODELS });
    const before = new Set(engines());
    const path = await words('own.png', 600, 160, 'uusi prosessi', 56);
    expect((await own.read([path])).text).toBe('uusi prosessi');
    const mine = engines().filter((pid) => !before.has(pid));
    expect(mine).toHaveLength(1);
    const reading = own.read([path]);
    process.kill(Number(mine[0]), 'SIGKILL');
    await expect(reading).rejects.toThrow();
    expect((await own.read([path])).text).toBe('uusi prosessi');
    await own.stop();
    await expect.poll(() => engines().filter((pid) => !before.has(pid))).toEqual([]);
  });

  it('that hangs loses its picture only: it is ended, and the next picture gets a new one', async () => {
    const own = createTextReader({ modelsDir: MODELS, timeoutMs: 20_000 });
    const before = new Set(engines());
    const path = await words('hung.png', 600, 160, 'jumissa hetken', 56);
    await own.read([path]);
    const mine = engines().find((pid) => !before.has(pid));
    process.kill(Number(mine), 'SIGSTOP');
    await expect(own.read([path])).rejects.toThrow('longer than 20000 ms');
    expect((await own.read([path])).text).toBe('jumissa hetken');
    expect(engines()).not.toContain(mine);
    await own.stop();
  });

  it('is replaced after its number of pictures, and ends when idle', async () => {
    const own = createTextReader({ modelsDir: MODELS, maxReads: 2, idleMs: 200 });
    const before = new Set(engines());
    const mine = () => engines().filter((pid) => !before.has(pid));
    const path = await words('recycled.png', 600, 160, 'kaksi kuvaa', 56);
    await own.read([path]);
    const [first] = mine();
    await own.read([path]);
    await expect.poll(mine).not.toContain(first);
    await own.read([path]);
    await expect.poll(mine).toEqual([]);
    await own.stop();
  });

  it('is replaced once it keeps much memory', async () => {
    const own = createTextReader({ modelsDir: MODELS, maxKeptMb: 1 });
    const before = new Set(engines());
    const mine = () => engines().filter((pid) => !before.has(pid));
    const path = await words('kept.png', 600, 160, 'muisti kasvaa', 56);
    expect((await own.read([path])).text).toBe('muisti kasvaa');
    await expect.poll(mine).toEqual([]);
    expect((await own.read([path])).text).toBe('muisti kasvaa');
    await own.stop();
  });

  it('that passes its memory limit ends, and fails its picture only', async () => {
    const small = createTextReader({ modelsDir: MODELS, memoryLimitMb: 80 });
    const path = await words('large.png', 600, 160, 'liikaa muistia', 56);
    await expect(small.read([path])).rejects.toThrow(/80 MB are allowed/);
    await small.stop();
  });

  it('runs with less priority than the server', async () => {
    await reader.read([await words('nice.png', 600, 160, 'alempi tärkeys', 56)]);
    const nice = execFileSync('ps', ['-o', 'ni=', '--ppid', String(process.pid)]).toString();
    const own = Number(execFileSync('ps', ['-o', 'ni=', '-p', String(process.pid)]).toString());
    expect(Math.max(...nice.trim().split(/\s+/).map(Number))).toBeGreaterThan(own);
  });

  it('is given up on after its time, and when the signal says so', async () => {
    const path = await words('late.png', 600, 160, 'liian hidas', 56);
    const hurried = createTextReader({ modelsDir: MODELS, timeoutMs: 5 });
    await expect(hurried.read([path])).rejects.toThrow();
    await hurried.stop();
    await expect(reader.read([path], AbortSignal.abort(new Error('not now')))).rejects.toThrow('not now');
  });

  it('says what is wrong with its models, and reads once they are repaired', async () => {
    const models = join(folder, 'models');
    await cp(MODELS, models, { recursive: true });
    const own = createTextReader({ modelsDir: models });
    expect(await own.problem()).toBeNull();
    await writeFile(join(models, 'fin.traineddata.gz'), 'damaged');
    expect(await own.problem()).toMatch(/fin\.traineddata\.gz/);
    await cp(MODELS, models, { recursive: true, force: true });
    expect(await own.problem()).toBeNull();
    await own.stop();
  });
});
