import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_OUTCOME } from '../report.ts';
import { planSteps } from '../steps.ts';

const ROOT = join(import.meta.dirname, '../..');
const names = (part: 'quick' | 'further' | 'all') => planSteps(part, [], 'r').map(({ name }) => name);

/**
 * Runs one of the npm scripts on `results`.
 * @returns its output and its exit code
 */
async function npm(...args: string[]): Promise<{ output: string; code: unknown }> {
  const run = promisify(execFile)('npm', args, { cwd: ROOT, env: { ...process.env, CI: '' } });
  return run.then(
    ({ stdout }) => ({ output: stdout, code: 0 }),
    (error: { stdout: string; code: unknown }) => ({ output: error.stdout, code: error.code }),
  );
}

describe('the parts of a test run', () => {
  it('are everything together, each test once', () => {
    expect(names('quick')).toEqual(['provision', 'check', 'unit', 'e2e-smoke']);
    expect([...names('quick'), ...names('further').slice(1)]).toEqual(names('all'));
    const commands = planSteps('all', [], 'r').map(({ command }) => command);
    const smoke = commands.filter((command) => / --grep(-invert)? @smoke/.test(command));
    expect(smoke).toHaveLength(2);
  });

  it('run every project of vitest, each in one of them', async () => {
    const config = await readFile(join(ROOT, 'vitest.config.ts'), 'utf8');
    const projects = Array.from(config.matchAll(/name: '(\w+)'/g), ([, name]) => name);
    const run = planSteps('all', [], 'r').flatMap(({ command }) =>
      Array.from(command.matchAll(/--project=(\w+)/g), ([, name]) => name),
    );
    expect(run.sort()).toEqual(projects.sort());
  });

  it('are chosen by path: each runner gets its own files', () => {
    const steps = planSteps('quick', ['test/app/media', './test/e2e/story.spec.ts', 'test/speed'], 'r');
    expect(steps.map(({ name, command }) => `${name}: ${command.split(' ').at(-1)}`)).toEqual([
      'provision: test/support/provision.ts',
      'unit: test/app/media',
      'e2e: test/e2e/story.spec.ts',
      'speed: test/speed',
    ]);
  });

  it('are run one after the other by CI, which fails when one of them does', async () => {
    const script = await readFile(join(ROOT, '.ci/run'), 'utf8');
    expect(script.split('\n').filter((line) => line.startsWith('npm'))).toEqual([
      'npm ci',
      'npm test -- --continued || failed=1',
      'npm run test:further || failed=1',
    ]);
    expect(script).toMatch(/\nexit "\$failed"\n$/);
  });
});

describe('npm test -- PATH', () => {
  let results: string;
  beforeEach(async () => {
    results = await mkdtemp(join(tmpdir(), 'meemikansio-results-'));
  });
  afterEach(() => rm(results, { recursive: true, force: true }));
  const one = ['test/commands/tools.test.ts'];

  it('runs these tests, tells the slowest files, and closes with one line of counts', async () => {
    const { output, code } = await npm('test', '--', ...one, `--results=${results}`);
    expect(output).toMatch(/The slowest files:\n +[\d.]+ s {2}test\/commands\/tools\.test\.ts\n/);
    expect(output.match(/^\d+ passed, \d+ failed, \d+ skipped$/gm)).toEqual([
      '5 passed, 0 failed, 0 skipped',
    ]);
    expect(output.trimEnd()).toMatch(/\n5 passed, 0 failed, 0 skipped$/);
    expect(code).toBe(0);
  });

  it('leaves its counts to the next part when told so, which adds them and fails with what failed before', async () => {
    const first = await npm('test', '--', ...one, '--continued', `--results=${results}`);
    expect(first.output).not.toMatch(/^\d+ passed/m);
    const file = join(results, 'continued.json');
    const counts = JSON.parse(await readFile(file, 'utf8'));
    expect(counts).toMatchObject({ passed: 5, failed: 0, skipped: 0 });

    await writeFile(
      file,
      JSON.stringify({ ...NO_OUTCOME, passed: 7, failed: 1, failures: ['an earlier one'] }),
    );
    const second = await npm('run', 'test:further', '--', ...one, `--results=${results}`);
    expect(second.output).toMatch(/\nfailed: an earlier one\n\n12 passed, 1 failed, 0 skipped\n$/);
    expect(second.code).toBe(1);
  });

  it('lists its steps when told to plan, and runs nothing', async () => {
    const { output, code } = await npm('test', '--', ...one, '--plan', `--results=${results}`);
    expect(output).toMatch(
      /\nprovision: node test\/support\/provision\.ts\nunit: vitest run .*tools\.test\.ts\n$/,
    );
    expect(await readdir(results)).toEqual([]);
    expect(code).toBe(0);
  });

  it('fails when a runner fails before it has run a test', async () => {
    const { output, code } = await npm('test', '--', 'test/no-such-file.test.ts', `--results=${results}`);
    expect(output).toMatch(/\n0 passed, 1 failed, 0 skipped\n$/);
    expect(code).toBe(1);
  });
});
