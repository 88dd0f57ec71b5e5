import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What the runners' JSON reports say: how many tests passed, and which ones failed for what reason. */

export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  /** One entry for each failed test: its name and the first lines of its reason. */
  failures: string[];
}

/** As much of a reason as tells a wrong value from a timeout; the whole of it is where it was printed first. */
const REASON_LINES = 12;

const unitReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

const e2eSuite = z.object({
  specs: z.array(
    z.object({
      title: z.string(),
      file: z.string(),
      line: z.number(),
      ok: z.boolean(),
      tests: z.array(
        z.object({
          status: z.string(),
          results: z.array(z.object({ errors: z.array(z.object({ message: z.string().optional() })) })),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(e2eSuite).optional();
  },
});
const e2eReport = z.object({
  suites: z.array(e2eSuite),
  errors: z.array(z.object({ message: z.string().optional() })),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});

function read<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> | string {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    return `no usable report in ${path}: ${String(error)}`;
  }
}

const unreadable = (reason: string): Outcome => ({ passed: 0, failed: 1, skipped: 0, failures: [reason] });

const failure = (name: string, reasons: readonly string[]) =>
  [
    name,
    ...reasons
      .join('\n')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(0, REASON_LINES)
      .map((line) => `    ${line}`),
  ].join('\n');

/** The outcome that vitest's JSON reporter wrote to `path`. */
export function unitOutcome(path: string): Outcome {
  const report = read(path, unitReport);
  if (typeof report === 'string') return unreadable(report);
  const failures = report.testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      // A file that could not be loaded, or whose hook failed, has no failed test in it.
      if (failed.length === 0) return [failure(name, [message])];
      return failed.map((test) => failure(`${name} › ${test.fullName}`, test.failureMessages ?? []));
    });
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests || report.numFailedTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

/** How many tests of the app vitest's JSON report in `path` knows as neither passed nor failed. */
export function skippedOfApp(path: string): number {
  const report = read(path, unitReport);
  if (typeof report === 'string') return 0;
  return report.testResults
    .filter(({ name }) => name.includes('/test/app/'))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed').length;
}

function e2eFailures({ specs, suites }: z.output<typeof e2eSuite>): string[] {
  const own = specs.flatMap(({ title, file, line, tests }) => {
    // A test that passes only when tried again counts as failed too.
    const bad = tests.filter(({ status }) => status !== 'expected' && status !== 'skipped');
    if (bad.length === 0) return [];
    const errors = bad.flatMap(({ results }) => results.flatMap((result) => result.errors));
    return [
      failure(
        `${file}:${line} › ${title}`,
        errors.flatMap(({ message }) => message ?? []),
      ),
    ];
  });
  return [...own, ...(suites ?? []).flatMap(e2eFailures)];
}

/** The outcome that playwright's JSON reporter wrote to `path`. */
export function e2eOutcome(path: string): Outcome {
  const report = read(path, e2eReport);
  if (typeof report === 'string') return unreadable(report);
  const { expected, unexpected, flaky, skipped } = report.stats;
  const outside = report.errors.map(({ message }) => failure('outside any test', [message ?? '']));
  return {
    passed: expected,
    failed: unexpected + flaky,
    skipped,
    failures: [...report.suites.flatMap(e2eFailures), ...outside],
  };
}
