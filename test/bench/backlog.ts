import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { register, type Person } from '../support/servers/http.ts';
import { startServer } from '../support/servers/server.ts';
import { drawCorpus } from './ocr/corpus.ts';

/**
 * `npm run bench -- backlog [--count 200] [--requests 200]`: uploads pictures to a real server.
 * Compares the latency of GET /api/media during OCR with the latency after it. The goal is a p95 of
 * at most 2.5 times the idle p95. Each picture is a corpus picture with one changed pixel, so
 * drawing takes little time.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { count: { type: 'string', default: '200' }, requests: { type: 'string', default: '200' } },
});
const count = Number(values.count);
const requests = Number(values.requests);

/**
 * Measures the milliseconds of each request, one at a time. A pause separates requests, as between
 * the clicks of a few people.
 */
async function latencies(url: string, { cookie }: Person): Promise<number[]> {
  const times: number[] = [];
  for (let request = 0; request < requests; request += 1) {
    const started = performance.now();
    const response = await fetch(`${url}/api/media?limit=50`, { headers: { cookie } });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`GET /api/media answered ${response.status}.`);
    times.push(performance.now() - started);
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return times.sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], q: number) => sorted[Math.floor((sorted.length - 1) * q)] ?? 0;

/** Counts the pictures that OCR has not read. */
async function unread(url: string, { cookie }: Person): Promise<number> {
  let left = 0;
  let cursor = '';
  do {
    const response = await fetch(`${url}/api/media?limit=100${cursor && `&cursor=${cursor}`}`, {
      headers: { cookie },
    });
    const page: { items: { state: string }[]; nextCursor: string | null } = JSON.parse(await response.text());
    left += page.items.filter(({ state }) => state === 'processing').length;
    cursor = page.nextCursor ?? '';
  } while (cursor);
  return left;
}

const folder = await mkdtemp(join(tmpdir(), 'meemikansio-backlog-'));
try {
  await using server = await startServer({ dataDir: folder });
  const aino = await register(server.url);
  const pictures = [];
  for await (const { bytes } of drawCorpus({ seed: 5, count: 2, set: 'report' })) pictures.push(bytes);
  for (let index = 0; index < count; index += 1) {
    const dot = { r: index % 256, g: Math.floor(index / 256), b: 77 };
    const mark = await sharp({ create: { width: 1, height: 1, channels: 3, background: dot } })
      .png()
      .toBuffer();
    const bytes = await sharp(pictures[index % pictures.length])
      .composite([{ input: mark, left: 0, top: 0 }])
      .png({ compressionLevel: 1 })
      .toBuffer();
    await aino.upload(new Blob([Uint8Array.from(bytes)]), `backlog-${index}.png`);
  }
  const before = await unread(server.url, aino);
  const busy = await latencies(server.url, aino);
  const after = await unread(server.url, aino);
  if (after === 0)
    throw new Error('The backlog was read before the measurement ended: take a larger --count.');
  while ((await unread(server.url, aino)) > 0) await new Promise((wake) => setTimeout(wake, 2_000));
  const idle = await latencies(server.url, aino);
  const ms = (sorted: number[]) =>
    `median ${quantile(sorted, 0.5).toFixed(1)} ms, p95 ${quantile(sorted, 0.95).toFixed(1)} ms`;
  process.stdout.write(
    `${count} pictures, ${requests} requests each\nreading (${before} to ${after} unread): ${ms(busy)}\nidle: ${ms(idle)}\np95 reading / idle: ${(quantile(busy, 0.95) / quantile(idle, 0.95)).toFixed(2)} (goal: at most 2.5)\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
