import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { createTextReader } from '../../../app/ocr/text-reader.ts';
import { drawCorpus } from '../../bench/ocr/corpus.ts';

const MODELS = join(import.meta.dirname, '../../../models');

/** Lists the OCR processes of this process. */
const engines = () =>
  execFileSync('sh', ['-c', `pgrep -P ${process.pid} -f 'engine[.]process' || true`])
    .toString()
    .split('\n')
    .filter(Boolean);

it('the process that reads stays below 400 MB, whatever it is given', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-reader-'));
  const own = createTextReader({ modelsDir: MODELS, maxKeptMb: 400, timeoutMs: 280_000 });
  const read = async (name: string, bytes: Buffer) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    await own.read([path]);
  };
  const before = new Set(engines());
  try {
    for await (const { extension, bytes } of drawCorpus({ seed: 3, count: 1, set: 'wild' }))
      await read(`memory.${extension}`, bytes);
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const create = { width: 6000, height: 4000, channels: 3, background: '#888', noise } as const;
    await read('noise.png', await sharp({ create }).png().toBuffer());
    const peaks = engines()
      .filter((pid) => !before.has(pid))
      .map((pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
    expect(peaks).toHaveLength(1);
    expect(Math.max(...peaks)).toBeLessThan(400);
  } finally {
    await own.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
