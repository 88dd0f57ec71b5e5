import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';

/**
 * Reads the runners' JSON reports: the number of passed tests, and the failed ones with their
 * reasons.
 */

export const outcomeSchema = z.object({
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  /** Number of skipped tests of the app. */
  skippedOfApp: z.number(),
  /** One entry per failed test: its name and the first lines of its reason. */
  failures: z.array(z.string()),
  /** Every file with the milliseconds of its tests. */
  files: z.array(z.object({ file: z.string(), ms: z.number() })),
});
export type Outcome = z.infer<typeof outcomeSchema>;

export const NO_OUTCOME: Outcome = {
  passed: 0,
  failed: 0,
  skipped: 0,
  skippedOfApp: 0,
  failures: [],
  files: [],
};

/** Sums several outcomes. */
export const addOutcomes = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.reduce(
    (sum, outcome) => ({
      passed: sum.passed + outcome.passed,
      failed: sum.failed + outcome.failed,
      skipped: sum.skipped + outcome.skipped,
      skippedOfApp: sum.skippedOfApp + outcome.skippedOfApp,
      failures: [...sum.failures, ...outcome.failures],
      files: [...sum.files, ...outcome.files],
    }),
    NO_OUTCOME,
  );

/**
 * Enough lines of a reason to tell a wrong value from a timeout. The full reason was printed
 * earlier.
 */
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
      startTime: z.number(),
      endTime: z.number(),
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
          results: z.array(
            z.object({
              duration: z.number(),
              errors: z.array(z.object({ message: z.string().optional() })),
            }),
          ),
        }),
      ),
    }),
  ),
  get suites() {
    return z.array(e2eSuite).optional();
  },
});
const e2eReport = z.object({
  config: z.object({ rootDir: z.string() }),
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

const unreadable = (reason: string): Outcome => ({ ...NO_OUTCOME, failed: 1, failures: [reason] });

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

/** Reads the outcome from the report of vitest's JSON reporter at `path`. */
export function unitOutcome(path: string): Outcome {
  const report = read(path, unitReport);
  if (typeof report === 'string') return unreadable(report);
  const failures = report.testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      // A file that fails to load, or whose hook fails, contains no failed test.
      if (failed.length === 0) return [failure(name, [message])];
      return failed.map((test) => failure(`${name} › ${test.fullName}`, test.failureMessages ?? []));
    });
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests || report.numFailedTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
    skippedOfApp: skippedOfApp(report),
    failures,
    files: report.testResults.map(({ name, startTime, endTime }) => ({
      file: relative(process.cwd(), name),
      ms: endTime - startTime,
    })),
  };
}

/** Counts the app's tests that a vitest report knows as neither passed nor failed. */
function skippedOfApp(report: z.output<typeof unitReport>): number {
  return report.testResults
    .filter(({ name }) => name.includes('/test/app/'))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed').length;
}

function e2eFailures({ specs, suites }: z.output<typeof e2eSuite>): string[] {
  const own = specs.flatMap(({ title, file, line, tests }) => {
    // A test that passes only on a retry counts as failed too.
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

/** Lists the tests of a suite: the file below `folder` and the milliseconds. */
function e2eFiles({ specs, suites }: z.output<typeof e2eSuite>, folder: string): Outcome['files'] {
  const own = specs.map(({ file, tests }) => ({
    file: join(relative(process.cwd(), folder), file),
    ms: tests.flatMap(({ results }) => results).reduce((sum, { duration }) => sum + duration, 0),
  }));
  return [...own, ...(suites ?? []).flatMap((suite) => e2eFiles(suite, folder))];
}

/** Reads the outcome from the report of playwright's JSON reporter at `path`. */
export function e2eOutcome(path: string): Outcome {
  const report = read(path, e2eReport);
  if (typeof report === 'string') return unreadable(report);
  const { expected, unexpected, flaky, skipped } = report.stats;
  const outside = report.errors.map(({ message }) => failure('outside any test', [message ?? '']));
  return {
    passed: expected,
    failed: unexpected + flaky,
    skipped,
    skippedOfApp: 0,
    failures: [...report.suites.flatMap(e2eFailures), ...outside],
    files: sumByFile(report.suites.flatMap((suite) => e2eFiles(suite, report.config.rootDir))),
  };
}

function sumByFile(files: Outcome['files']): Outcome['files'] {
  const sums = new Map<string, number>();
  for (const { file, ms } of files) sums.set(file, (sums.get(file) ?? 0) + ms);
  return [...sums].map(([file, ms]) => ({ file, ms }));
}
