import solid from 'vite-plugin-solid';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'app',
          include: ['test/app/**/*.test.ts', 'test/support/*.test.ts'],
          globalSetup: ['test/support/database.setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The plugin takes Solid's browser build: the one for servers has no reactivity. There is no DOM.
        plugins: [solid({ ssr: false })],
        test: {
          name: 'client',
          environment: 'node',
          include: ['test/client/**/*.test.ts'],
          testTimeout: 30_000,
          server: { deps: { inline: [/solid/] } },
        },
      },
      {
        test: {
          name: 'stacks',
          include: ['test/stacks/**/*.test.ts'],
          globalSetup: ['test/stacks/support/bindings.setup.ts'],
          testTimeout: 60_000,
        },
      },
      { test: { name: 'commands', include: ['test/commands/**/*.test.ts'] } },
      { test: { name: 'github', include: ['test/github/**/*.test.ts'] } },
      { test: { name: 'image', include: ['test/image/**/*.test.ts'], hookTimeout: 900_000 } },
    ],
  },
});
