import { defineConfig } from 'playwright/test';
import base from './playwright.config.ts';

/** Measurements in a real browser: `npm run test:speed`. Nothing else may run meanwhile. */
export default defineConfig(base, {
  testDir: 'test/speed',
  workers: 1,
  reporter: [['list'], ['json', { outputFile: 'test-results/speed.json' }]],
  outputDir: 'test-results/speed',
  // A trace takes a snapshot of the whole page at every step: that was most of what was measured.
  use: { ...base.use, trace: 'off' },
});
