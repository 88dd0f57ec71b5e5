import { defineConfig } from 'playwright/test';
import { TEST_HANGS_AFTER_MS, WAIT_HANGS_AFTER_MS } from './test/support/hang-guard.ts';
import { noSkips } from './test/support/no-skips.ts';
import { findChromium } from './test/support/provision.ts';

const executablePath = findChromium();
if (executablePath === null) throw new Error('No browser: run npm run test:provision first.');

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: ['./test/support/client.setup.ts', './test/support/browser-database.setup.ts'],
  // Each worker runs a server and a browser of its own, and OCR beside them.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  // A test or a wait that takes this long hangs. Neither is a judgement of speed.
  timeout: TEST_HANGS_AFTER_MS,
  expect: { timeout: WAIT_HANGS_AFTER_MS },
  reporter: [
    ['list'],
    ['json', { outputFile: 'test-results/e2e.json' }],
    ...(noSkips() ? [['./test/support/no-skips.ts'] as const] : []),
  ],
  outputDir: 'test-results/e2e',
  use: {
    locale: 'en-GB',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      // The browser has no sandbox, because the tests may run as root in a container. It sends no
      // requests of its own.
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
