import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createThreadPool, ThreadError, type ThreadPool } from '../../../app/util/thread-pool.ts';

/** Runs the given command and answers with its thread's number. */
const THREAD = `
  import { parentPort, threadId } from 'node:worker_threads';
  parentPort.on('message', (told) => {
    if (told === 'throw') throw new Error('told to');
    if (told === 'exit') process.exit(3);
    if (told === 'hang') for (;;);
    if (told === 'hog') { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); }
    parentPort.postMessage(told === 'env' ? Object.keys(process.env).length : threadId);
  });`;

let folder: string;
let pool: ThreadPool<string, number>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-threads-'));
  const entry = join(folder, 'thread.mjs');
  await writeFile(entry, THREAD);
  const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 };
  pool = createThreadPool({ entry, size: 2, timeoutMs: 3000, resourceLimits });
});
afterEach(async () => {
  await pool.stop();
  await rm(folder, { recursive: true, force: true });
});

it('keeps its threads, at most as many as allowed', async () => {
  const used = await Promise.all(Array.from({ length: 20 }, () => pool.run('work')));
  expect(new Set(used).size).toBe(2);
  expect(new Set(used)).toContain(await pool.run('work'));
});

it('starts one when one is enough', async () => {
  const used = [await pool.run('work'), await pool.run('work'), await pool.run('work')];
  expect(new Set(used).size).toBe(1);
});

it('shows a thread nothing of the environment', async () => {
  expect(Object.keys(process.env).length).toBeGreaterThan(0);
  expect(await pool.run('env')).toBe(0);
});

it.each([
  ['throws', 'throw'],
  ['ends', 'exit'],
  ['hangs', 'hang'],
  ['needs more memory than it may', 'hog'],
])('tells it when a thread %s, and goes on with another', async (_what, told) => {
  const before = await pool.run('work');
  const [bad, waiting] = [pool.run(told), Promise.all([pool.run('work'), pool.run('work')])];
  await expect(bad).rejects.toBeInstanceOf(ThreadError);
  for (const used of await waiting) expect(used).not.toBe(before);
  expect(await pool.run('work')).not.toBe(before);
});

it('answers whoever waits when it is stopped', async () => {
  const all = Array.from({ length: 5 }, () => pool.run('hang'));
  const settled = Promise.allSettled(all);
  await pool.stop();
  for (const { status } of await settled) expect(status).toBe('rejected');
  await expect(pool.run('work')).rejects.toThrow('have been stopped');
});
