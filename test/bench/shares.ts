import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shareAnswer } from '../../app/shares/shares.schema.ts';
import { picture } from '../support/media/pictures.ts';
import { register } from '../support/servers/http.ts';
import { startServer } from '../support/servers/server.ts';

/**
 * `npm run bench -- shares [--requests N]`: measures share pages over HTTP beside the health route.
 * The requests of all routes take turns, so that other load on the machine meets each of them
 * alike. The goal: the 95th percentile of a page of one picture is at most 3 times that of health.
 */

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { requests: { type: 'string', default: '2000' } },
});
const requests = Number(values.requests);
const WARM_UP_REQUESTS = 300;
const GALLERY_ITEMS = 30;
/** Times the health route. */
const GOAL = 3;

const print = (line: string) => process.stdout.write(`${line}\n`);

const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-bench-'));
await using server = await startServer({ dataDir, env: { OCR: 'off' } });
const aino = await register(server.url);

async function share(itemIds: string[]): Promise<string> {
  const response = await fetch(`${server.url}/api/shares`, {
    method: 'POST',
    headers: { origin: server.url, cookie: aino.cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ itemIds }),
  });
  return `/s/${shareAnswer.parse(await response.json()).share.code}`;
}

const ids: string[] = [];
for (let i = 0; i < GALLERY_ITEMS; i++) ids.push((await aino.upload(await picture(), 'meme.png')).id);
const one = await share(ids.slice(0, 1));
const gallery = await share(ids);

interface Case {
  name: string;
  path: string;
  cookie: string;
  /** Milliseconds. */
  times: number[];
}

const health: Case = { name: 'health', path: '/api/health', cookie: '', times: [] };
const page: Case = { name: 'page of a picture', path: one, cookie: '', times: [] };
const cases: Case[] = [
  health,
  page,
  { name: 'the same, for a member', path: one, cookie: aino.cookie, times: [] },
  { name: 'malformed code', path: '/s/x', cookie: '', times: [] },
  { name: `gallery of ${GALLERY_ITEMS}`, path: gallery, cookie: '', times: [] },
];

for (let i = 0; i < WARM_UP_REQUESTS + requests; i++) {
  for (const { path, cookie, times } of cases) {
    const started = performance.now();
    const response = await fetch(`${server.url}${path}`, { headers: { cookie } });
    await response.arrayBuffer();
    if (i >= WARM_UP_REQUESTS) times.push(performance.now() - started);
  }
}

const percentile = ({ times }: Case, share: number) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;

print('| page | p50 ms | p95 ms | p95 / health |');
print('|---|---|---|---|');
for (const one of cases) {
  const [p50, p95] = [percentile(one, 0.5), percentile(one, 0.95)];
  const ratio = p95 / percentile(health, 0.95);
  print(`| ${one.name} | ${p50.toFixed(2)} | ${p95.toFixed(2)} | ${ratio.toFixed(1)} |`);
}
const ratio = percentile(page, 0.95) / percentile(health, 0.95);
print(`page of a picture: ${ratio.toFixed(1)} times the health route (goal: at most ${GOAL})`);
await server.stop();
await rm(dataDir, { recursive: true, force: true });
