import { availableParallelism } from 'node:os';
import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';
import { NoSkippedTests, noSkips } from './test/support/no-skips.ts';
import { TEST_HANGS_AFTER_MS, WAIT_HANGS_AFTER_MS } from './test/support/hang-guard.ts';

/** Every core works; more than four would need more connections than the test database allows. */
const MAX_WORKERS = Math.min(4, availableParallelism());

const limits = {
  testTimeout: TEST_HANGS_AFTER_MS,
  hookTimeout: TEST_HANGS_AFTER_MS,
  expect: { poll: { timeout: WAIT_HANGS_AFTER_MS } },
};

const LONG = 'test/**/*.long.test.ts';
/** Tests of the app that replace modules. */
const MOCKS = 'test/app/**/*.mocks.test.ts';

export default defineConfig({
  test: {
    maxWorkers: MAX_WORKERS,
    reporters: ['default', ...(noSkips() ? [new NoSkippedTests()] : [])],
    // `npm run test:coverage`. There are no thresholds: the report informs, the tests decide.
    coverage: {
      provider: 'v8',
      // Not components (*.tsx): Playwright tests them in a browser, which this does not measure.
      include: ['app/**/*.ts', 'client/**/*.ts', 'stacks/**/*.ts', '.github/scripts/*.ts'],
      exclude: ['**/*.gen.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      reportsDirectory: 'coverage',
    },
    projects: [
      {
        test: {
          name: 'app',
          include: ['test/app/**/*.test.ts', 'test/support/*.test.ts'],
          exclude: [LONG, MOCKS],
          globalSetup: ['test/support/database.setup.ts'],
          // Each worker loads the app once, not once a file: a quarter of the time.
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          unstubGlobals: true,
          ...limits,
        },
      },
      {
        // Replaces modules, so that each file loads its own.
        test: {
          name: 'mocks',
          include: [MOCKS],
          globalSetup: ['test/support/database.setup.ts'],
          ...limits,
        },
      },
      {
        // Minutes a file: fault matrix, fuzz, memory, outages, many items. Not part of `npm test`.
        test: {
          name: 'long',
          include: [LONG],
          globalSetup: ['test/support/database.setup.ts'],
          ...limits,
        },
      },
      {
        // The plugin takes Solid's browser build: the one for servers has no reactivity. There is
        // no DOM.
        plugins: [solid({ ssr: false })],
        test: {
          name: 'client',
          environment: 'node',
          include: ['test/client/**/*.test.ts'],
          ...limits,
          server: { deps: { inline: [/solid/] } },
        },
      },
      {
        test: {
          name: 'stacks',
          include: ['test/stacks/**/*.test.ts'],
          globalSetup: ['test/stacks/support/bindings.setup.ts'],
          ...limits,
        },
      },
      { test: { name: 'commands', include: ['test/commands/**/*.test.ts'], exclude: [LONG], ...limits } },
      {
        test: { name: 'github', include: ['test/github/**/*.test.ts', 'test/docs/**/*.test.ts'], ...limits },
      },
      { test: { name: 'image', include: ['test/image/**/*.test.ts'], ...limits } },
    ],
  },
});
