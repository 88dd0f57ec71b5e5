import { expect, PASSWORD, test as base } from '../e2e/fixtures.ts';
import { drawScene } from '../support/media/scenes.ts';
import { auditBest, startAuditor, type Auditor } from './audit.ts';
import { becomesCalm } from './machine.ts';

/** Pictures in the folder that is audited. */
const ITEMS = 100;

/** What is asked for, of a phone on a slow line: a page is audited until a run reaches it, or it has had its runs. */
const GOAL = 95;
/**
 * The least score for performance; the other categories do not depend on the machine, and have to be full. On two cores that the
 * browser and the server share, eight runs of one build came to 88 to 98, five of them to 97 or 98 (26 November 2026): where not one of
 * seven comes near the goal, something is wrong for sure. Every score is printed.
 */
const PERFORMANCE = 90;
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
  const calm = await becomesCalm();
  const best = await auditBest(auditor, url, calm ? GOAL : PERFORMANCE_BUSY);
  const { findings, metrics, machine, performance, ...scores } = best;
  const told = [metrics, machine, ...findings].join('; ');
  expect(scores, told).toEqual({ accessibility: 100, bestPractices: 100 });
  expect(performance, told).toBeGreaterThanOrEqual(calm ? PERFORMANCE : PERFORMANCE_BUSY);
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
