import { expect, PASSWORD, test as base } from '../e2e/fixtures.ts';
import { drawScene } from '../support/scenes.ts';
import { auditBest, startAuditor, type Auditor } from './audit.ts';
import { becomesCalm } from './machine.ts';

/** Pictures in the folder that is audited. */
const ITEMS = 100;

/**
 * The least score for performance; the other categories do not depend on the machine, and have to be full. The goal is 95: on two
 * cores that the browser and the server share, the same build came to 80 to 94 in seven runs (26 November 2026), so
 * this is where something is wrong for sure. Every score is printed.
 */
const PERFORMANCE = 80;
/** The least while the machine works for others too: see {@link becomesCalm}. */
const PERFORMANCE_BUSY = 50;

const account = { username: 'Aino', password: PASSWORD };

const test = base.extend<{ auditor: Auditor }>({
  auditor: async ({ server }, use) => {
    await using auditor = await startAuditor();
    const headers = { origin: server.url };
    const made = await auditor.page.request.post(`${server.url}/api/auth/register`, {
      headers,
      data: account,
    });
    expect(made.status()).toBe(201);
    await use(auditor);
  },
});

// Words are not read: that is work beside the page, and would be measured with it on a small machine.
test.use({ serverEnv: { OCR: 'off' } });

async function expectFull(auditor: Auditor, url: string): Promise<void> {
  const enough = (await becomesCalm()) ? PERFORMANCE : PERFORMANCE_BUSY;
  const best = await auditBest(auditor, url, enough);
  const { findings, metrics, machine, performance, ...scores } = best;
  const told = [metrics, machine, ...findings].join('; ');
  expect(scores, told).toEqual({ accessibility: 100, bestPractices: 100 });
  expect(performance, told).toBeGreaterThanOrEqual(enough);
}

test('Lighthouse is content with the page that asks to sign in, on a phone with a slow line', async ({
  auditor,
  server,
}) => {
  await auditor.page.context().clearCookies();
  await expectFull(auditor, server.url);
});

test(`Lighthouse is content with a folder of ${ITEMS} pictures, on a phone with a slow line`, async ({
  auditor,
  server,
}) => {
  const { page } = auditor;
  for (let i = 0; i < ITEMS; i++) {
    const file = { name: `meme-${i}.jpg`, mimeType: 'image/jpeg', buffer: await drawScene(i) };
    const headers = { origin: server.url };
    const added = await page.request.post(`${server.url}/api/media`, { headers, multipart: { file } });
    expect(added.status()).toBe(201);
  }
  await page.goto(server.url);
  await page.locator('main img').first().waitFor();
  await expectFull(auditor, server.url);
});
