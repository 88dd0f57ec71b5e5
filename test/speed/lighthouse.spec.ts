import { expect, PASSWORD, test as base } from '../e2e/fixtures.ts';
import { drawScene } from '../support/media/scenes.ts';
import { auditBest, startAuditor, type Auditor } from './audit.ts';
import { becomesCalm } from './machine.ts';

/** Number of pictures in the audited library. */
const ITEMS = 100;

/**
 * The target for a phone on a slow line. A page is audited until a run reaches it or the runs are
 * used up.
 */
const GOAL = 95;
/**
 * The least performance score. The other categories do not depend on the machine and must be full.
 * On two cores shared by browser and server, eight runs of one build scored 88 to 98. Five of them
 * scored 97 or 98 (26 November 2026). If none of seven comes near the goal, something is certainly
 * wrong. Every score is printed.
 */
const PERFORMANCE = 90;
/** The least score while the machine also does other work: see {@link becomesCalm}. */
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

// OCR is off: it would compete with the page on a small machine and distort the result.
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
