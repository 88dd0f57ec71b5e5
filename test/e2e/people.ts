import type { Browser, Page } from 'playwright/test';
import { z } from 'zod';
import { expect, PASSWORD } from './fixtures.ts';

const invited = z.object({ code: z.string() });

/**
 * Adds a second person, in a separate browser, who joins by an invite from the user signed in on
 * `by`.
 */
export async function joinAs(browser: Browser, by: Page, username: string, url: string): Promise<Page> {
  const headers = { origin: url };
  const made = await by.request.post(`${url}/api/invites`, { headers, data: {} });
  const { code } = invited.parse(await made.json());
  const context = await browser.newContext({ baseURL: url, locale: 'en-GB' });
  const page = await context.newPage();
  const joined = await page.request.post(`${url}/api/auth/register`, {
    headers,
    data: { username, password: PASSWORD, invite: code },
  });
  expect(joined.status()).toBe(201);
  await page.goto('/');
  return page;
}
