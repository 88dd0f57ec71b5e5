import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watch } from '../../.github/scripts/watch.ts';

// Runs the script against a server that stands in for the site and for GitHub.

const well = {
  ready: true,
  database: null,
  storage: null,
  storageAdvice: null,
  textReader: null,
  backup: null,
  jobs: null,
  lastBackup: '2026-11-29T02:30:00.000Z',
};
const SCRIPT = join(import.meta.dirname, '../../.github/scripts/watch.ts');

let answers: { status: number; body: unknown }[];
let released: boolean;
let asked: string[];
let url: string;
let folder: string;
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  const releases = [
    {
      tag_name: `build-${'a'.repeat(40)}`,
      prerelease: !released,
      draft: false,
      body: null,
      published_at: '2026-11-01T00:00:00Z',
    },
  ];
  const { status, body } = request.url?.startsWith('/repos/')
    ? { status: 200, body: releases }
    : ((answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 404, body: null });
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

beforeEach(async () => {
  [answers, asked, released] = [[{ status: 200, body: well }], [], true];
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-watch-'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

/** Runs the script as the workflow does. */
const run = () =>
  new Promise<{ failed: boolean; output: string; summary: string }>((done) => {
    const summary = join(folder, 'summary');
    execFile(
      process.execPath,
      [SCRIPT],
      {
        env: {
          PATH: process.env['PATH'],
          ENVIRONMENT: 'production',
          SITE: url,
          GITHUB_API_URL: url,
          GITHUB_REPOSITORY: 'friends/memes',
          GITHUB_TOKEN: 'token',
          GITHUB_STEP_SUMMARY: summary,
        },
      },
      (error, stdout) =>
        done({ failed: error !== null, output: stdout, summary: error ? '' : readFileSync(summary, 'utf8') }),
    );
  });

describe('the watch', () => {
  it('passes for a site that is well', async () => {
    expect(await run()).toEqual({ failed: false, output: '', summary: `${url} is well.\n` });
    expect(asked.at(-1)).toBe('/api/ready');
  });

  it('fails with every sentence about a fault, though the site is ready', async () => {
    const backup = 'The last backup is of 2026-11-01.';
    const jobs = '3 jobs have failed within a day: media.text.';
    answers = [{ status: 200, body: { ...well, backup, jobs } }];
    const { failed, output } = await run();
    expect(failed).toBe(true);
    expect(output).toBe(`::error::${backup}%0A${jobs}\n`);
  });

  it('only warns about advice', async () => {
    answers = [{ status: 200, body: { ...well, storageAdvice: 'CORS is not set.' } }];
    expect(await run()).toMatchObject({ failed: false, output: '::warning::CORS is not set.\n' });
  });

  it('does not ask before the first release: nothing is there', async () => {
    released = false;
    expect(await run()).toMatchObject({ failed: false, summary: 'Nothing is released yet.\n' });
    expect(asked).not.toContain('/api/ready');
  });

  it('gives a site that wakes up time to become ready', async () => {
    const starting = { status: 503, body: { ...well, ready: false, database: 'Not yet.' } };
    answers = [starting, starting, { status: 200, body: well }];
    expect(await watch(url, { tries: 3, intervalMs: 1 })).toMatchObject({ faults: [] });
    answers = [starting];
    expect(await watch(url, { tries: 2, intervalMs: 1 })).toMatchObject({ faults: ['Not yet.'] });
  });

  it('says when something else answers, or nothing', async () => {
    answers = [{ status: 502, body: '<html>' }];
    const said = await watch(url, { tries: 1, intervalMs: 1 });
    expect(said.faults).toEqual([`${url}/api/ready answered 502 with something else.`]);
    const dead = await watch('http://127.0.0.1:1', { tries: 1, intervalMs: 1 });
    expect(dead.faults[0]).toMatch(/^http:\/\/127\.0\.0\.1:1 does not answer: /);
  });
});
