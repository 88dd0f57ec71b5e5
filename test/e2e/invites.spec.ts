import type { Browser, Page } from 'playwright/test';
import { expect, PASSWORD, test } from './fixtures.ts';
import { drawPicture, drop } from './pictures.ts';

const pictures = (page: Page) => page.getByRole('main').getByRole('link').locator('img');

/** A second person's browser. */
async function newcomer(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

test('an admin invites, a friend joins by the link and cannot delete the admin’s picture, the admin shuts them out', async ({
  signedIn: aino,
  browser,
}) => {
  await drop(aino, 'aamu.png', await drawPicture(aino, ['Hyvää huomenta']));
  await expect(pictures(aino)).toHaveCount(1);

  // Invite a friend.
  await aino.getByRole('button', { name: 'Account' }).click();
  await aino.getByRole('link', { name: 'Invite a friend' }).click();
  await aino.getByLabel(/For whom/).fill('Väinö');
  await aino.getByRole('button', { name: 'Create invitation' }).click();
  const link = await aino.getByLabel('Invitation link').inputValue();
  expect(link).toMatch(/\/join\/[\w-]{22}$/);
  await expect(aino.getByText('Valid until', { exact: false }).first()).toBeVisible();

  // Join in another browser, with every error at its field.
  const guest = await newcomer(browser);
  await guest.goto(link);
  await expect(guest.getByText('Aino invites you')).toBeVisible();
  const username = guest.getByLabel('Username');
  const password = guest.getByLabel('Password', { exact: true });
  await expect(username).toBeFocused();
  await expect(username).toHaveAttribute('autocomplete', 'username');
  await expect(password).toHaveAttribute('autocomplete', 'new-password');
  await username.fill('AINO');
  await password.fill(PASSWORD);
  await guest.getByRole('button', { name: 'Join' }).click();
  await expect(username).toHaveAccessibleDescription(/This username is already taken/);
  await expect(username).toBeFocused();
  await username.fill('Väinö');
  await password.fill('basketball');
  await guest.getByRole('button', { name: 'Join' }).click();
  await expect(password).toHaveAccessibleDescription(/too common/);
  await expect(password).toBeFocused();
  await password.fill(PASSWORD);
  await guest.getByRole('button', { name: 'Join' }).click();

  // The guest sees the library and is no admin.
  await expect(pictures(guest)).toHaveCount(1);
  await guest.getByRole('button', { name: 'Account' }).click();
  await expect(guest.getByText('Signed in as Väinö')).toBeVisible();
  await expect(guest.getByRole('link', { name: 'Administration' })).toHaveCount(0);
  await guest.keyboard.press('Escape');

  // The guest cannot delete the admin's picture, by the page or by a request.
  await pictures(guest).first().click();
  const id = new URL(guest.url()).pathname.split('/').at(-1);
  await expect(guest.getByRole('dialog').getByRole('button', { name: 'Delete' })).toHaveCount(0);
  const deletion = await guest.evaluate(
    async (item) => (await fetch(`/api/media/${item}`, { method: 'DELETE' })).status,
    id,
  );
  expect(deletion).toBe(403);
  await guest.goto('/');

  // The link works only once.
  const late = await newcomer(browser);
  await late.goto(link);
  await expect(late.getByText('This invitation has already been used')).toBeVisible();

  // The account is disabled: its next request leads to the sign-in page, which stays closed. The
  // page may have noticed already while it waited for OCR. Filling, unlike clicking, also works
  // under an overlay.
  await aino.goto('/admin');
  const row = aino.getByRole('listitem').filter({ hasText: 'Väinö' }).first();
  await row.getByRole('button', { name: 'Disable' }).click();
  await expect(row.getByText('Disabled')).toBeVisible();
  await guest.locator('input[type=search], input[role=combobox]').first().fill('koira');
  await expect(guest.getByRole('heading', { name: 'Sign in to continue' })).toBeVisible();
  await guest.getByRole('dialog').getByLabel('Username').fill('Väinö');
  await guest.getByRole('dialog').getByLabel('Password', { exact: true }).fill(PASSWORD);
  await guest.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await expect(guest.getByText('Incorrect username or password.')).toBeVisible();
});
