import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { readPicture } from '../../app/ocr/read-picture.ts';
import { createRecognizer, type Recognizer } from '../../app/ocr/recognize/tesseract.ts';
import { drawCorpus, kindsOf } from './ocr/corpus.ts';
import { usePhotos } from './ocr/scenes.ts';
import { add, f1, precision, recall, score, type Score } from './ocr/score.ts';

/**
 * `npm run bench -- ocr [--seed N] [--count N] [--set tune|report|wild] [--photos DIR]`: draws a
 * corpus (over the photos of a folder, if given). Reads it in this process, picture by picture, and
 * compares with plain single-pass tesseract. Milliseconds are CPU time of this process, so that
 * other work on the machine counts less. Tune on one seed and set, report another.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    seed: { type: 'string' },
    count: { type: 'string' },
    set: { type: 'string' },
    photos: { type: 'string' },
  },
});
const seed = Number(values.seed ?? 20_261_124);
const count = Number(values.count ?? 6);
const set = values.set === 'tune' || values.set === 'wild' ? values.set : 'report';
if (values.photos !== undefined) usePhotos(values.photos);

interface Reading {
  kind: string;
  language: string;
  ours: Score;
  plain: Score;
  ms: number;
  plainMs: number;
}

async function timed(read: () => Promise<string>): Promise<{ text: string; ms: number }> {
  const before = process.cpuUsage();
  const text = await read();
  const { user, system } = process.cpuUsage(before);
  return { text, ms: (user + system) / 1000 };
}

/** Reads the unmodified picture with tesseract, in its automatic layout. */
async function plainText(file: string, recognizer: Recognizer): Promise<string> {
  const { data, info } = await sharp(file)
    .flatten({ background: '#fff' })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const lines = await recognizer.recognize({ width: info.width, height: info.height, data }, 'page', 'fin');
  return lines.map(({ words }) => words.map(({ text }) => text).join(' ')).join('\n');
}

const quantile = (numbers: readonly number[], q: number) =>
  numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * q))] ?? 0;

function report(name: string, readings: readonly Reading[]): void {
  const figures = (total: Score, ms: readonly number[]) =>
    `${recall(total).toFixed(3)} ${precision(total).toFixed(3)} ${f1(total).toFixed(3)} ${String(Math.round(quantile(ms, 0.5))).padStart(5)} ${String(Math.round(quantile(ms, 0.95))).padStart(5)}`;
  const ours = add(readings.map((reading) => reading.ours));
  const plain = add(readings.map((reading) => reading.plain));
  const left = `${name.padEnd(13)} ${String(ours.expected).padStart(5)} ${String(ours.read - ours.right).padStart(5)}`;
  const right = figures(
    plain,
    readings.map(({ plainMs }) => plainMs),
  );
  process.stdout.write(
    `${left}  ${figures(
      ours,
      readings.map(({ ms }) => ms),
    )}  | ${right}\n`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'meemikansio-ocr-'));
const recognizer = createRecognizer(join(import.meta.dirname, '../../models'));
try {
  const readings: Reading[] = [];
  for await (const sample of drawCorpus({ seed, count, set })) {
    const file = join(folder, `picture.${sample.extension}`);
    await writeFile(file, sample.bytes);
    const ours = await timed(async () => (await readPicture([file], recognizer)).text);
    const plain = await timed(() => plainText(file, recognizer));
    const { kind, language, text } = sample;
    readings.push({
      kind,
      language,
      ours: score(text, ours.text),
      plain: score(text, plain.text),
      ms: ours.ms,
      plainMs: plain.ms,
    });
  }
  process.stdout.write(
    `seed ${seed}, set ${set}, ${count} pictures of each kind; recall, precision, F1, median and p95 ms\n`,
  );
  process.stdout.write(`${' '.repeat(13)} words wrong  letters first${' '.repeat(18)}| plain tesseract\n`);
  for (const kind of kindsOf(set))
    report(
      kind,
      readings.filter((reading) => reading.kind === kind),
    );
  report('all', readings);
  for (const language of ['fi', 'en'])
    report(
      language,
      readings.filter((reading) => reading.language === language),
    );
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`peak memory of this process, drawing included: ${peak} MB\n`);
} finally {
  await recognizer.stop();
  await rm(folder, { recursive: true, force: true });
}
