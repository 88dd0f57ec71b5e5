import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';

/**
 * `npm test`: brings what the tests need, checks the code, runs every test there is, and ends with one line that says
 * how many passed. A step that fails does not keep the next one from running: one run tells everything.
 */

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const UNIT_REPORT = 'test-results/unit.json';
const IMAGE_REPORT = 'test-results/image.json';
const E2E_REPORT = 'test-results/e2e.json';
const SPEED_REPORT = 'test-results/speed.json';

const unitReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(
    z.object({ name: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});
const e2eReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});

function run(name: string, command: string): boolean {
  process.stdout.write(`\n── ${name}: ${command}\n`);
  const started = performance.now();
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`── ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n`);
  return status === 0;
}

function read<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    process.stdout.write(`no usable report in ${path}: ${String(error)}\n`);
    return null;
  }
}

function unitCounts(path: string): Counts {
  const report = read(path, unitReport);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  return {
    passed: report.numPassedTests,
    // A file that could not even be loaded has no failed test in it, and still failed.
    failed: report.numFailedTests || report.numFailedTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function skippedOfApp(): number {
  const files = read(UNIT_REPORT, unitReport)?.testResults ?? [];
  return files
    .filter(({ name }) => name.includes('/test/app/'))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed').length;
}

function e2eCounts(path: string): Counts {
  const report = read(path, e2eReport);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky, skipped };
}

rmSync('test-results', { recursive: true, force: true });
mkdirSync('test-results');
const provisioned = run('provision', 'node test/support/provision.ts');
const checked = run('check', 'node test/check.ts');
const vitest = 'vitest run --reporter=default --reporter=json';
const unit = run('unit', `${vitest} --project=!image --outputFile.json=${UNIT_REPORT}`);
const e2e = run('e2e', 'playwright test');
// By itself: it times what a person would wait for. The folder of ten thousand takes too long for every time.
const speed = run('speed', 'playwright test --config playwright.speed.config.ts lighthouse');
// By itself, because building takes both cores, and last, because it takes longest.
const image = run('image', `${vitest} --project=image --outputFile.json=${IMAGE_REPORT}`);

const counts = [
  unitCounts(UNIT_REPORT),
  e2eCounts(E2E_REPORT),
  e2eCounts(SPEED_REPORT),
  unitCounts(IMAGE_REPORT),
];
const sum = (key: keyof Counts) => counts.reduce((total, count) => total + count[key], 0);
// In CI the servers of the app's tests can be installed: what was skipped there was not tested at all.
const untested = process.env['CI'] === 'true' ? skippedOfApp() : 0;
if (untested > 0)
  process.stdout.write(`\n${untested} tests of the app were skipped, which CI does not allow.\n`);
const ok = untested === 0 && provisioned && checked && unit && e2e && speed && image && sum('failed') === 0;
if (!checked) process.stdout.write('\nThe check failed: see above.\n');
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
process.exitCode = ok ? 0 : 1;
