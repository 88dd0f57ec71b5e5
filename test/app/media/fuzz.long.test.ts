import { createHash, randomInt } from 'node:crypto';
import { basename } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEY_COLUMNS, keysOf } from '../../../app/media/media.repository.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { apng, MAKERS, seedSpecimens, type Specimen } from '../../support/media/specimens.ts';
import { blobOf } from '../../support/media/videos.ts';

/**
 * Differs in every run, so that every run covers other files. `SEED=` with the printed seed repeats
 * a run.
 */
const SEED = Number(process.env['SEED'] ?? randomInt(2 ** 32));

/** Number of mutations of each kind. A video costs a child process each. */
const PLAN: Record<Specimen | 'apng', number> = {
  jpeg: 320,
  progressive: 220,
  png: 320,
  apng: 120,
  gif: 320,
  webp: 200,
  losslessWebp: 120,
  animatedWebp: 160,
  avif: 160,
  mp4: 40,
  silentMp4: 40,
  webm: 20,
  vp9: 15,
  mov: 25,
  hevc: 20,
  av1: 20,
};
const TOTAL = Object.values(PLAN).reduce((sum, count) => sum + count, 0);
const CONCURRENCY = 4;

/** mulberry32: a small generator of sufficient quality, the same on every platform. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const INTERESTING = [0, 1, 0x7f, 0x80, 0xff];

/**
 * Makes one to four small changes: flips, sets, cuts, doubles or inserts bytes. Headers are changed
 * as often as the rest.
 */
function mutate(original: Buffer, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  let bytes = Buffer.from(original);
  for (let left = 1 + below(4); left > 0; left--) {
    const reach = random() < 0.5 ? Math.min(bytes.length, 200) : bytes.length;
    const at = below(Math.max(1, reach));
    const length = 1 + below(16);
    const kind = below(6);
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    else if (kind === 1)
      bytes.fill(
        INTERESTING[below(INTERESTING.length)] ?? 0,
        Math.min(at, bytes.length),
        Math.min(at + length, bytes.length),
      );
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    else if (kind === 4 && random() < 0.3) bytes = bytes.subarray(0, Math.max(1, at));
    else for (let i = at; i < at + length; i++) bytes[i % bytes.length] = below(256);
  }
  return bytes;
}

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

it(`answers ${TOTAL} mutated files with 201 or 4xx (SEED=${SEED})`, async () => {
  expect(TOTAL).toBeGreaterThanOrEqual(2000);
  const random = generator(SEED);
  seedSpecimens(SEED);
  const queue: { name: string; bytes: Buffer }[] = [];
  for (const kind of Object.keys(PLAN)) {
    const name = kind === 'apng' ? kind : specimenName(kind);
    const original = name === 'apng' ? apng() : await MAKERS[name]();
    for (let i = 0; i < PLAN[name]; i++)
      queue.push({ name: `${kind} ${i}`, bytes: mutate(original, random) });
  }
  const inputs = createHash('sha256');
  for (const { bytes } of queue) inputs.update(bytes);
  console.log(`fuzz: SEED=${SEED} repeats this run; SHA-256 of its files ${inputs.digest('hex')}`);
  const statuses = new Map<number, number>();
  const bad: string[] = [];
  async function drain() {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const response = await aino.upload(blobOf(next.bytes), 'fuzz.bin');
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      if (response.status !== 201 && !(response.status >= 400 && response.status < 500)) {
        bad.push(`${next.name}: ${response.status} ${await response.text()}`);
      }
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, drain));
  expect(bad).toEqual([]);
  expect(statuses.get(201)).toBeGreaterThan(100);
  expect(statuses.get(422)).toBeGreaterThan(500);

  // Every stored upload has its row and its objects; a refused upload has nothing.
  const rows = await app.deps.db.selectFrom('media').select(KEY_COLUMNS).execute();
  expect(rows.length).toBe(statuses.get(201));
  const names = (await app.files()).map((file) => basename(file));
  expect(names.toSorted()).toEqual(rows.flatMap(keysOf).toSorted());
});

function specimenName(text: string): Specimen {
  if (!isSpecimen(text)) throw new Error(`no specimen ${text}`);
  return text;
}

const isSpecimen = (text: string): text is Specimen => Object.hasOwn(MAKERS, text);
