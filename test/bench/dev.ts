import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright';
import { WAIT_HANGS_AFTER_MS } from '../support/hang-guard.ts';
import { freePort } from '../support/databases/proxy.ts';
import { findChromium } from '../support/provision.ts';
import { startServer } from '../support/servers/server.ts';
import { bareStart, median } from './bundle.ts';

/**
 * `npm run bench -- dev [--runs 5]`: measures the time from `npm run dev` to the address, and to
 * the first page in a browser. It is warm: the database exists, and the caches of Node and Vite are
 * full. Figures are medians, also as multiples of `node -e 0`.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { runs: { type: 'string', default: '5' } },
});
const RUNS = Number(values.runs);
const COMMAND = ['npm', 'run', 'dev', '--', '--no-env-file', '--no-install'] as const;

interface DevStart {
  addressMs: number;
  shownMs: number;
}

async function start(dataDir: string, browser: Browser): Promise<DevStart> {
  const PORT = String(await freePort());
  // A new context has no HTTP cache.
  await using context = await browser.newContext({ locale: 'en-GB' });
  context.setDefaultTimeout(WAIT_HANGS_AFTER_MS);
  const page = await context.newPage();
  const began = performance.now();
  await using server = await startServer({ dataDir, command: COMMAND, env: { PORT } });
  const addressMs = performance.now() - began;
  await page.goto(server.url);
  await page.getByRole('heading', { name: 'Create the first account' }).waitFor();
  return { addressMs, shownMs: performance.now() - began };
}

const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-bench-'));
const browser = await chromium.launch({
  executablePath: findChromium() ?? undefined,
  args: ['--no-sandbox'],
});
try {
  const bare = bareStart(RUNS);
  const cold = await start(dataDir, browser);
  const warm: DevStart[] = [];
  for (let i = 0; i < RUNS; i++) warm.push(await start(dataDir, browser));
  const line = (name: string, ms: number) =>
    process.stdout.write(`${name}: ${ms.toFixed(0)} ms, ${(ms / bare).toFixed(0)} × node -e 0\n`);
  process.stdout.write(`node -e 0: ${bare.toFixed(0)} ms; ${RUNS} warm starts\n`);
  line('first start, its database made, to the page', cold.shownMs);
  line('to the address', median(warm.map(({ addressMs }) => addressMs)));
  line('to the page', median(warm.map(({ shownMs }) => shownMs)));
} finally {
  await browser.close();
  await rm(dataDir, { recursive: true, force: true });
}
