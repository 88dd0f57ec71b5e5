import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedDatabase } from '../../app/db/embedded.ts';
import { createLogger } from '../../app/logger.ts';
import { register, SETUP_CODE } from '../support/servers/http.ts';
import { pictureOfWords } from '../support/media/pictures.ts';
import { freePort } from '../support/databases/proxy.ts';
import { bareStart, build, BUNDLE, median, ROOT } from './bundle.ts';

/**
 * `npm run bench -- start`: measures a cold start. Measures the time from process start to the
 * first 200 of /api/health, and to the first page of the list. The list is requested with a session
 * from the start on. Also measures memory when idle and after uploads with OCR, and the time to
 * stop. The database is up, as in production. Figures are medians; the start is
 * repeated without the compile cache.
 */

const PRODUCTION = {
  NODE_ENV: 'production',
  JWT_SECRET: 'bench'.repeat(8),
  SETUP_CODE,
  STATIC_DIR: 'dist/client',
};
const POLL_MS = 2;
const IDLE_MS = 5000;

interface Start {
  healthMs: number;
  listedMs: number;
}

interface Running extends Start {
  child: ChildProcess;
  url: string;
}

/**
 * Returns the resident megabytes (10^6) of a process. Its children count separately: they end when
 * idle.
 */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024) / 1e6;
}

async function until(url: string, cookie: string, started: number, wanted = 200): Promise<number> {
  for (;;) {
    const status = await fetch(url, { headers: { cookie } }).then(
      async (response) => (await response.arrayBuffer(), response.status),
      () => 0,
    );
    if (status === wanted) return performance.now() - started;
    await sleep(POLL_MS);
  }
}

async function start(entry: string, env: Record<string, string>, cookie: string): Promise<Running> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = performance.now();
  const child = spawn(process.execPath, [entry], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env['PATH'], ...PRODUCTION, LOG_LEVEL: 'warn', PORT: String(port), ...env },
  });
  const [healthMs, listedMs] = await Promise.all([
    until(`${url}/api/health`, '', started),
    until(`${url}/api/media`, cookie, started, cookie ? 200 : 401),
  ]);
  return { child, url, healthMs, listedMs };
}

/** Returns the milliseconds from SIGTERM to the end of the process. */
async function stop({ child }: Running): Promise<number> {
  const ended = once(child, 'exit');
  const began = performance.now();
  child.kill('SIGTERM');
  await ended;
  return performance.now() - began;
}

async function sessionOf(running: Running): Promise<string> {
  const { cookie } = await register(running.url);
  return cookie;
}

async function uploads(
  running: Running,
  cookie: string,
  count: number,
): Promise<{ peakMb: number; afterMb: number }> {
  const pid = running.child.pid ?? 0;
  const headers = { origin: running.url, cookie };
  const waiting = new Set<string>();
  let peakMb = 0;
  for (let i = 0; i < count; i++) {
    const body = new FormData();
    body.set('file', await pictureOfWords(`Aamukahvi ${i}`, 'adventures later'), `${i}.png`);
    const response = await fetch(`${running.url}/api/media`, { method: 'POST', headers, body });
    if (response.status !== 201) throw new Error(`upload: ${response.status} ${await response.text()}`);
    const { id }: { id: string } = await response.json();
    waiting.add(id);
    peakMb = Math.max(peakMb, await residentMb(pid));
  }
  while (waiting.size > 0) {
    for (const id of waiting) {
      const item: { text: string } = await (
        await fetch(`${running.url}/api/media/${id}`, { headers })
      ).json();
      if (item.text === '') break;
      waiting.delete(id);
    }
    peakMb = Math.max(peakMb, await residentMb(pid));
    await sleep(200);
  }
  await sleep(IDLE_MS);
  return { peakMb, afterMb: await residentMb(pid) };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      entry: { type: 'string', default: BUNDLE },
      runs: { type: 'string', default: '9' },
      uploads: { type: 'string', default: '50' },
    },
  });
  build(values.entry);

  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-bench-'));
  const database = await startEmbeddedDatabase(join(folder, 'postgres'), createLogger('warn', false));
  try {
    const cold = { DATABASE_URL: database.url, DATA_DIR: join(folder, 'data') };
    const cached = { ...cold, NODE_COMPILE_CACHE: join(folder, 'compile-cache') };
    const first = await start(values.entry, cached, '');
    const cookie = await sessionOf(first);
    await start(values.entry, cached, cookie).then(stop); // beside the first: rolling updates overlap
    await stop(first);

    const stops: number[] = [];
    const measure = async (env: Record<string, string>): Promise<Start[]> => {
      const results: Start[] = [];
      for (let i = 0; i < Number(values.runs); i++) {
        const running = await start(values.entry, env, cookie);
        results.push(running);
        await sleep(300);
        stops.push(await stop(running));
      }
      return results;
    };
    const line = (name: string, starts: readonly Start[]) =>
      process.stdout.write(
        `${name}: health ${median(starts.map((s) => s.healthMs)).toFixed(0)} ms, first list ` +
          `${median(starts.map((s) => s.listedMs)).toFixed(0)} ms (medians of ${starts.length}; best ` +
          `${Math.min(...starts.map((s) => s.healthMs)).toFixed(0)} and ${Math.min(...starts.map((s) => s.listedMs)).toFixed(0)})\n`,
      );
    process.stdout.write(
      `${values.entry}, Node ${process.version}, ${availableParallelism()} cores; node -e 0 takes ${bareStart(Number(values.runs)).toFixed(0)} ms\n`,
    );
    line('with compile cache   ', await measure(cached));
    line('without compile cache', await measure(cold));
    process.stdout.write(
      `stop: ${median(stops).toFixed(0)} ms (median; most ${Math.max(...stops).toFixed(0)}); platforms wait 10 s\n`,
    );

    const running = await start(values.entry, cached, cookie);
    await sleep(IDLE_MS);
    process.stdout.write(
      `idle after ${IDLE_MS / 1000} s: ${(await residentMb(running.child.pid ?? 0)).toFixed(0)} MB\n`,
    );
    const { peakMb, afterMb } = await uploads(running, cookie, Number(values.uploads));
    process.stdout.write(
      `${values.uploads} uploads with OCR: at most ${peakMb.toFixed(0)} MB, ${afterMb.toFixed(0)} MB ` +
        `${IDLE_MS / 1000} s later (the OCR process apart)\n`,
    );
    await stop(running);
  } finally {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
