import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { addOutcomes, NO_OUTCOME, outcomeSchema, type Outcome } from './report.ts';
import { planSteps, type Step } from './steps.ts';
import { installTools } from './support/tools.ts';

/**
 * Runs the tests, and ends with one line that says how many passed.
 *
 *     npm test                    check, unit, integration and main browser tests; 10 min, 2 cores
 *     npm test -- PATH...         the tests of these files or folders, long ones too
 *     npm run test:all            everything
 *     npm run test:further        what test:all adds to npm test
 *     npm test -- --plan          prints the steps and their commands, and runs nothing
 *     npm test -- --results=DIR   puts reports and traces there instead of test-results/
 *     npm test -- --continued     as npm test, but leaves its counts to a test:further that follows
 *
 * A step that fails does not keep the next one from running: one run tells everything.
 */

const SLOWEST_FILES = 10;

const args = process.argv.slice(2);
const paths = args.filter((arg) => !arg.startsWith('--'));
const results =
  args.find((arg) => arg.startsWith('--results='))?.slice('--results='.length) ?? 'test-results';
/** Path of the counts that `--continued` leaves for `test:further`. */
const continued = join(results, 'continued.json');
const further = args.includes('--further');

function run({ name, command }: Step): boolean {
  process.stdout.write(`\n── ${name}: ${command}\n`);
  const started = performance.now();
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`── ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n`);
  return status === 0;
}

/** Runs one step. A step without a report counts no tests, but its failure is reported. */
function take(step: Step): Outcome {
  const ok = run(step);
  const outcome = step.report ? step.report.read(step.report.path) : NO_OUTCOME;
  if (ok || outcome.failed > 0) return outcome;
  // The runner itself failed, or the step has no tests.
  return { ...outcome, failed: outcome.failed + 1, failures: [`${step.name}: ${step.command}`] };
}

const part = args.includes('--all') ? 'all' : further ? 'further' : 'quick';
const steps = planSteps(part, paths, results);
if (args.includes('--plan')) {
  for (const { name, command } of steps) process.stdout.write(`${name}: ${command}\n`);
  process.exit();
}

const before =
  further && existsSync(continued)
    ? outcomeSchema.parse(JSON.parse(readFileSync(continued, 'utf8')))
    : NO_OUTCOME;
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
installTools();

const total = addOutcomes([before, ...steps.map(take)]);

process.stdout.write('\nThe slowest files:\n');
for (const { file, ms } of total.files.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST_FILES))
  process.stdout.write(`${(ms / 1000).toFixed(1).padStart(8)} s  ${file}\n`);
// CI can install the servers of the app's tests. A skipped test there means an untested feature.
const untested = process.env['CI'] === 'true' ? total.skippedOfApp : 0;
if (untested > 0)
  process.stdout.write(`\n${untested} tests of the app were skipped, which CI does not allow.\n`);
// Repeat the failures: often only the end of a long log is read.
for (const failure of total.failures)
  process.stdout.write(`\nfailed: ${stripVTControlCharacters(failure)}\n`);

if (args.includes('--continued')) writeFileSync(continued, JSON.stringify(total));
else process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = untested === 0 && total.failed === 0 ? 0 : 1;
