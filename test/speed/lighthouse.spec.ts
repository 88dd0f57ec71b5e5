import { expect, PASSWORD, test as base } from '../e2e/fixtures.ts';
import { drawScene } from '../support/scenes.ts';
import { auditBest, startAuditor, type Auditor, type Scores } from './audit.ts';

/** Pictures in the folder that is audited. */
const ITEMS = 100;

/** The least score for performance; the other categories do not depend on the machine, and have to be full. */
const PERFORMANCE = 95;

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

function expectFull({ findings, metrics, machine, performance, ...scores }: Scores) {
  const told = [metrics, machine, ...findings].join('; ');
  expect(scores, told).toEqual({ accessibility: 100, bestPractices: 100 });
  expect(performance, told).toBeGreaterThanOrEqual(PERFORMANCE);
}

test('Lighthouse is content with the page that asks to sign in, on a phone with a slow line', async ({
  auditor,
  server,
}) => {
  await auditor.page.context().clearCookies();
  expectFull(await auditBest(auditor, server.url, PERFORMANCE));
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
  expectFull(await auditBest(auditor, server.url, PERFORMANCE));
});
