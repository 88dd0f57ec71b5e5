import type {
  FullResult,
  Reporter as PlaywrightReporter,
  TestCase,
  TestResult,
} from 'playwright/types/testReporter';
import type { Reporter as VitestReporter, TestModule } from 'vitest/node';

/**
 * Fails a run of the tests in which one was skipped, and names it. CI brings everything that the
 * tests need, so a skipped test there means an untested feature. NO_SKIPS turns it on.
 */

export const noSkips = (env: NodeJS.ProcessEnv = process.env): boolean => env['NO_SKIPS'] === 'true';

const report = (names: readonly string[]): void => {
  for (const name of names) process.stderr.write(`skipped, which CI does not allow: ${name}\n`);
};

/** For vitest. */
export class NoSkippedTests implements VitestReporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      Array.from(
        module.children.allTests('skipped'),
        (test) => `${module.relativeModuleId}: ${test.fullName}`,
      ),
    );
    report(skipped);
    if (skipped.length > 0) process.exitCode = 1;
  }
}

/** For Playwright. */
export default class NoSkippedSpecs implements PlaywrightReporter {
  readonly #skipped: string[] = [];

  onTestEnd(test: TestCase, { status }: TestResult): void {
    if (status === 'skipped') this.#skipped.push(test.titlePath().filter(Boolean).join(' › '));
  }

  async onEnd({ status }: FullResult): Promise<{ status: FullResult['status'] }> {
    report(this.#skipped);
    return { status: this.#skipped.length > 0 ? 'failed' : status };
  }
}
