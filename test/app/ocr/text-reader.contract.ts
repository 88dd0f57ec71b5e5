import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TextReader } from '../../../app/ocr/text-reader.ts';
import { drawCorpus, type Kind } from '../../bench/ocr/corpus.ts';
import { add, precision, recall, score } from '../../bench/ocr/score.ts';
import type { PicturesToRead } from '../../support/media/pictures-to-read.ts';

export const MODELS = join(import.meta.dirname, '../../../models');

/**
 * Reads one picture of a kind in each language. The limits are far above the result of a plain
 * tesseract pass.
 */
export async function expectReads(reader: TextReader, pictures: PicturesToRead, kind: Kind): Promise<void> {
  const scores = [];
  for await (const sample of drawCorpus({ seed: 7, count: 2, set: 'report', kinds: [kind] })) {
    const path = await pictures.file(`${kind}.${sample.extension}`, sample.bytes);
    scores.push(score(sample.text, (await reader.read([path])).text));
  }
  const total = add(scores);
  expect(recall(total)).toBeGreaterThanOrEqual(0.8);
  expect(precision(total)).toBeGreaterThanOrEqual(0.85);
}

/**
 * Limit of processor time per picture, seconds. The engine stops itself after about nine
 * (app/ocr/process).
 */
const LIMIT_S = 15;

/** Reads a picture within {@link LIMIT_S}. Returns its text. */
export async function readWithinBudget(reader: TextReader, path: string): Promise<string> {
  const before = engineSeconds();
  const { text } = await reader.read([path]);
  expect(engineSeconds() - before).toBeLessThan(LIMIT_S);
  return text;
}

/** Returns the processor seconds of this test's OCR processes so far. */
function engineSeconds(): number {
  const times = execFileSync('sh', ['-c', `ps -o cputimes= --ppid ${process.pid} || true`]).toString();
  return times
    .split('\n')
    .map(Number)
    .reduce((sum, seconds) => sum + seconds, 0);
}
