import type { Page } from 'playwright/test';

/** Ends the session, as if it had expired or an admin had ended it. The page does not know. */
export const endSession = (page: Page) => page.context().clearCookies();

/**
 * Ends the session when the page sends its next change. Before that a refresh of the list could
 * find it ended, and the dialog would cover what the test presses.
 */
export async function endSessionAtChange(page: Page): Promise<void> {
  let ended = false;
  await page.route('**/api/**', async (route) => {
    if (!ended && route.request().method() !== 'GET') {
      ended = true;
      await endSession(page);
    }
    await route.fallback();
  });
}
