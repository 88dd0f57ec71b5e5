import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from 'playwright/test';
import { startServer, type ServerProcess } from '../support/server.ts';

export { expect };
export const PASSWORD = 'correct horse battery';

interface Fixtures {
  /** What the server's environment has besides: `test.use({ serverEnv: { OCR: 'off' } })`. */
  serverEnv: Record<string, string>;
  /** The server's folder, empty at first. */
  dataDir: string;
  /** The real server as a process on an empty folder, one for each test. */
  server: ServerProcess;
  /** A page of a browser that is signed in as the admin `Aino`. */
  signedIn: Page;
}

export const test = base.extend<Fixtures>({
  serverEnv: [{}, { option: true }],
  dataDir: async ({ browserName: _browser }, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-e2e-'));
    await use(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  },
  server: async ({ dataDir, serverEnv }, use) => {
    const server = await startServer({ dataDir, env: serverEnv });
    await use(server);
    await server.stop();
  },
  baseURL: async ({ server }, use) => use(server.url),
  signedIn: async ({ page, server }, use) => {
    const response = await page.request.post(`${server.url}/api/auth/register`, {
      headers: { origin: server.url },
      data: { username: 'Aino', password: PASSWORD },
    });
    expect(response.status()).toBe(201);
    await page.goto('/');
    await use(page);
  },
});
