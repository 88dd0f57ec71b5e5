import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { e2eOutcome, skippedOfApp, unitOutcome } from './report.ts';
import { installTools } from './support/tools.ts';

/**
 * `npm test`: brings what the tests need, checks the code, runs every test there is, repeats what failed, and ends with
 * one line that says how many passed. A step that fails does not keep the next one from running: one run tells
 * everything.
 */

const UNIT_REPORT = 'test-results/unit.json';
const IMAGE_REPORT = 'test-results/image.json';
const E2E_REPORT = 'test-results/e2e.json';
const SPEED_REPORT = 'test-results/speed.json';

function run(name: string, command: string): boolean {
  process.stdout.write(`\n── ${name}: ${command}\n`);
  const started = performance.now();
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`── ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n`);
  return status === 0;
}

rmSync('test-results', { recursive: true, force: true });
mkdirSync('test-results');
installTools();
const provisioned = run('provision', 'node test/support/provision.ts');
const checked = run('check', 'node test/check.ts');
const vitest = 'vitest run --reporter=default --reporter=json';
const unit = run('unit', `${vitest} --project=!image --outputFile.json=${UNIT_REPORT}`);
const e2e = run('e2e', 'playwright test');
// By itself: it times what a person would wait for.
const speed = run('speed', 'playwright test --config playwright.speed.config.ts');
// By itself, because building takes both cores, and last, because it takes longest.
const image = run('image', `${vitest} --project=image --outputFile.json=${IMAGE_REPORT}`);

const outcomes = [
  unitOutcome(UNIT_REPORT),
  e2eOutcome(E2E_REPORT),
  e2eOutcome(SPEED_REPORT),
  unitOutcome(IMAGE_REPORT),
];
const sum = (key: 'passed' | 'failed' | 'skipped') =>
  outcomes.reduce((total, outcome) => total + outcome[key], 0);
// In CI the servers of the app's tests can be installed: what was skipped there was not tested at all.
const untested = process.env['CI'] === 'true' ? skippedOfApp(UNIT_REPORT) : 0;
if (untested > 0)
  process.stdout.write(`\n${untested} tests of the app were skipped, which CI does not allow.\n`);
const ok = untested === 0 && provisioned && checked && unit && e2e && speed && image && sum('failed') === 0;
if (!checked) process.stdout.write('\nThe check failed: see above.\n');
// Here once more, because the log of a long run is often seen from its end only.
for (const failure of outcomes.flatMap(({ failures }) => failures))
  process.stdout.write(`\nfailed: ${stripVTControlCharacters(failure)}\n`);
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
process.exitCode = ok ? 0 : 1;
