import { execFileSync } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTextReader, type TextReader } from '../../../app/ocr/text-reader.ts';
import { WAIT_HANGS_AFTER_MS } from '../../support/hang-guard.ts';
import { createPicturesToRead, type PicturesToRead } from '../../support/media/pictures-to-read.ts';
import { MODELS } from './text-reader.contract.ts';

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

describe('the engine process', () => {
  const engines = () =>
    execFileSync('sh', ['-c', `pgrep -P ${process.pid} -f 'engine[.]process' || true`])
      .toString()
      .split('\n')
      .filter(Boolean);

  it('starts with the first read, survives being killed, and ends with the reader', async () => {
    const own = createTextReader({ modelsDir: MODELS, timeoutMs: WAIT_HANGS_AFTER_MS });
    const before = new Set(engines());
    const path = await pictures.words('own.png', { width: 600, height: 160, font: 56 }, 'uusi prosessi');
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
    const own = createTextReader({ modelsDir: MODELS, timeoutMs: WAIT_HANGS_AFTER_MS });
    const before = new Set(engines());
    const path = await pictures.words('hung.png', { width: 600, height: 160, font: 56 }, 'jumissa hetken');
    await own.read([path]);
    const mine = engines().find((pid) => !before.has(pid));
    process.kill(Number(mine), 'SIGSTOP');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const hung = own.read([path]);
    await vi.waitUntil(() => vi.getTimerCount() > 0);
    vi.advanceTimersByTime(WAIT_HANGS_AFTER_MS);
    vi.useRealTimers();
    await expect(hung).rejects.toThrow(`longer than ${WAIT_HANGS_AFTER_MS} ms`);
    expect((await own.read([path])).text).toBe('jumissa hetken');
    expect(engines()).not.toContain(mine);
    await own.stop();
  });

  it('is replaced after its number of pictures, and ends when idle', async () => {
    const own = createTextReader({
      modelsDir: MODELS,
      timeoutMs: WAIT_HANGS_AFTER_MS,
      maxReads: 2,
      idleMs: 200,
    });
    const before = new Set(engines());
    const mine = () => engines().filter((pid) => !before.has(pid));
    const path = await pictures.words('recycled.png', { width: 600, height: 160, font: 56 }, 'kaksi kuvaa');
    await own.read([path]);
    const [first] = mine();
    await own.read([path]);
    await expect.poll(mine).not.toContain(first);
    await own.read([path]);
    await expect.poll(mine).toEqual([]);
    await own.stop();
  });

  it('is replaced once it keeps much memory', async () => {
    const own = createTextReader({ modelsDir: MODELS, timeoutMs: WAIT_HANGS_AFTER_MS, maxKeptMb: 1 });
    const before = new Set(engines());
    const mine = () => engines().filter((pid) => !before.has(pid));
    const path = await pictures.words('kept.png', { width: 600, height: 160, font: 56 }, 'muisti kasvaa');
    expect((await own.read([path])).text).toBe('muisti kasvaa');
    await expect.poll(mine).toEqual([]);
    expect((await own.read([path])).text).toBe('muisti kasvaa');
    await own.stop();
  });

  it('that passes its memory limit ends, and fails its picture only', async () => {
    const small = createTextReader({ modelsDir: MODELS, timeoutMs: WAIT_HANGS_AFTER_MS, memoryLimitMb: 80 });
    const path = await pictures.words('large.png', { width: 600, height: 160, font: 56 }, 'liikaa muistia');
    await expect(small.read([path])).rejects.toThrow(/80 MB are allowed/);
    await small.stop();
  });

  it('runs with less priority than the server', async () => {
    await reader.read([
      await pictures.words('nice.png', { width: 600, height: 160, font: 56 }, 'alempi tärkeys'),
    ]);
    const nice = execFileSync('ps', ['-o', 'ni=', '--ppid', String(process.pid)]).toString();
    const own = Number(execFileSync('ps', ['-o', 'ni=', '-p', String(process.pid)]).toString());
    expect(Math.max(...nice.trim().split(/\s+/).map(Number))).toBeGreaterThan(own);
  });

  it('is given up on after its time, and when the signal says so', async () => {
    const path = await pictures.words('late.png', { width: 600, height: 160, font: 56 }, 'liian hidas');
    const hurried = createTextReader({ modelsDir: MODELS, timeoutMs: 5 });
    await expect(hurried.read([path])).rejects.toThrow();
    await hurried.stop();
    await expect(reader.read([path], AbortSignal.abort(new Error('not now')))).rejects.toThrow('not now');
  });

  it('says what is wrong with its models, and reads once they are repaired', async () => {
    const models = join(pictures.folder, 'models');
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
