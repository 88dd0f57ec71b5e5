import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect, type Page } from 'playwright/test';
import type { ServerProcess } from '../support/servers/server.ts';
import { startServer } from './server.ts';

export { expect };
export const PASSWORD = 'correct horse battery';
/** Time between two tries of `toPass()`, which has no other limit than that of the test. */
export const TRY_AGAIN_MS = 15_000;

interface Fixtures {
  /** Whether to look at every shown text for objects. This takes time within a press. */
  watchesTexts: boolean;
  /** Additional environment variables of the server: `test.use({ serverEnv: { OCR: 'off' } })`. */
  serverEnv: Record<string, string>;
  /** The server's folder, empty at first. */
  dataDir: string;
  /** The real server as a process on an empty folder, one per test. */
  server: ServerProcess;
  /** A browser page signed in as the admin `Aino`. */
  signedIn: Page;
}

/** Prefix of the console message about a shown text that is an object converted to a string. */
const NONSENSE = 'shown to people:';

/** Runs in the page: reports every text and name that is an object converted to a string. */
function watchForNonsense(mark: string): void {
  const look = (text: string | null | undefined) => {
    if (text && /\[object \w+\]/.test(text)) console.warn(mark, text.slice(0, 200));
  };
  new MutationObserver((records) => {
    for (const { type, target, attributeName, addedNodes } of records) {
      if (type === 'attributes')
        look(target instanceof Element ? target.getAttribute(attributeName ?? '') : '');
      else if (type === 'characterData') look(target.textContent);
      else
        for (const node of addedNodes)
          look(
            node instanceof Element && node.matches(':not(script, style)')
              ? node.outerHTML
              : node.textContent,
          );
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
}

export const test = base.extend<Fixtures>({
  watchesTexts: [true, { option: true }],
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
  page: async ({ page, watchesTexts }, use) => {
    const nonsense: string[] = [];
    page.on('console', (message) => {
      if (message.text().startsWith(NONSENSE)) nonsense.push(message.text());
    });
    if (watchesTexts) await page.addInitScript(watchForNonsense, NONSENSE);
    await use(page);
    expect(nonsense, 'words that are none').toEqual([]);
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
