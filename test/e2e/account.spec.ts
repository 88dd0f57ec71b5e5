import { picture } from '../support/media/pictures.ts';
import { axeFindings } from './axe.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { addFile, getItem } from './items.ts';
import { joinAs } from './people.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { SignInPage } from './pages/sign-in.page.ts';

test('a changed password signs out the other devices, errors stand at their field', async ({
  signedIn: page,
  browser,
  server,
}) => {
  // The user's second device.
  const other = await (await browser.newContext({ baseURL: server.url, locale: 'en-GB' })).newPage();
  await other.goto('/');
  await new SignInPage(other).fill('Aino', PASSWORD);
  await expect(other.getByRole('combobox', { name: 'Search' })).toBeVisible();

  const menu = new AccountMenu(page);
  await menu.open();
  await page.getByRole('link', { name: 'Account settings' }).click();
  const sessions = page.getByRole('region', { name: 'Where you are signed in' }).getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: 'This device' })).toHaveCount(1);
  await expect(sessions.first()).toContainText(/Chrome on|Last used/);

  const current = page.getByLabel('Current password', { exact: true });
  const fresh = page.getByLabel('New password', { exact: true });
  const change = page.getByRole('button', { name: 'Change password' });
  await expect(current).toHaveAttribute('autocomplete', 'current-password');
  await expect(fresh).toHaveAttribute('autocomplete', 'new-password');
  await current.fill('not the password');
  await fresh.fill('four words in a row');
  await change.click();
  await expect(current).toHaveAccessibleDescription(/not your current password/);
  await expect(current).toBeFocused();
  await current.fill(PASSWORD);
  await fresh.fill('basketball');
  await change.click();
  await expect(fresh).toHaveAccessibleDescription(/too common/);
  await fresh.fill('four words in a row');
  await change.click();
  await expect(page.getByText('Password changed.')).toBeVisible();
  await expect(sessions).toHaveCount(1);

  await other.reload();
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await new SignInPage(other).fill('Aino', 'four words in a row');
  await expect(other.getByRole('combobox', { name: 'Search' })).toBeVisible();

  // End the other session by its button, then all sessions at once.
  await page.reload();
  await expect(sessions).toHaveCount(2);
  await page.getByRole('button', { name: /^Sign out .* on/ }).click();
  await expect(sessions).toHaveCount(1);
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a user downloads everything of the own, and closes the account', async ({
  signedIn: page,
  browser,
  server,
}) => {
  const guest = await joinAs(browser, page, 'Ilmari', server.url);
  const { id } = await addFile(guest, 'a.png', await picture());
  await guest.goto('/account');
  const section = guest.getByRole('region', { name: 'Leave' });
  const [saved] = await Promise.all([
    guest.waitForEvent('download'),
    section.getByRole('link', { name: 'Download everything of mine' }).click(),
  ]);
  expect(saved.suggestedFilename()).toMatch(/^meemikansio-Ilmari-\d{4}-\d\d-\d\d\.tar$/);
  await saved.cancel();

  await section.getByRole('button', { name: 'Close the account…' }).click();
  const dialog = guest.getByRole('dialog', { name: 'Close your account?' });
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeVisible();
  expect(await axeFindings(guest)).toEqual([]);
  await dialog.getByRole('radio', { name: /^Goes to the trash/ }).check();
  const password = dialog.getByLabel('Your password, to confirm', { exact: true });
  await password.fill('not the password');
  await password.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('This is not your current password.');
  await password.fill(PASSWORD);
  await password.press('Enter');
  await expect(guest.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect.poll(async () => (await getItem(page, id)).owner.username).toBe('Aino');
  expect((await getItem(page, id)).deletedAt).not.toBeNull();
});
