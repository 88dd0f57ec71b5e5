import type { CDPSession } from 'playwright/test';
import { axeFindings } from './axe.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { HomePage } from './pages/home.page.ts';
import { SignInPage } from './pages/sign-in.page.ts';

test.use({ serverEnv: { OCR: 'off', REQUIRE_ADMIN_PASSKEY: 'on' } });

/** Plugs an authenticator in, whose user is always there and recognised. Returns its id. */
async function plugIn(cdp: CDPSession): Promise<string> {
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return authenticatorId;
}

/** Runs in the page: tells how it asks for a passkey. */
function tellAsked(): void {
  const { credentials } = navigator;
  const get = credentials.get.bind(credentials);
  credentials.get = (options) => {
    console.info(`asked: ${options?.mediation}`);
    return get(options);
  };
}

test('an administrator adds the passkey that is required, signs in by it, and renames and removes it', async ({
  signedIn: page,
}) => {
  const folder = new HomePage(page);
  const signIn = new SignInPage(page);
  const menu = new AccountMenu(page);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const phone = await plugIn(cdp);

  // The folder shows nothing before.
  await expect(page.getByRole('heading', { name: 'Add a passkey to continue' })).toBeVisible();
  await expect(folder.search).toHaveCount(0);
  const name = page.getByLabel('Name of the passkey');
  const password = page.getByLabel('Your password, to confirm', { exact: true });
  await expect(name).toHaveValue(/ on /);
  expect(await axeFindings(page)).toEqual([]);
  await name.fill('My phone');
  await password.fill('not the password');
  await password.press('Enter');
  await expect(password).toHaveAccessibleDescription(/not your current password/);
  await password.fill(PASSWORD);
  await password.press('Enter');
  await expect(folder.search).toBeVisible();

  // The password alone leads to the passkey.
  await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: phone, enabled: false });
  await menu.signOut();
  await expect(page.getByRole('button', { name: 'Use a passkey' })).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  const suggested = page.waitForEvent('console', (message) => message.text() === 'asked: conditional');
  await page.addInitScript(tellAsked);
  await page.reload();
  await suggested;
  await signIn.fill('Aino', PASSWORD);
  await expect(page.getByRole('heading', { name: 'Use your passkey to continue' })).toBeVisible();
  expect(await axeFindings(page)).toEqual([]);
  await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: phone, enabled: true });
  await page.getByRole('button', { name: 'Use a passkey' }).press('Enter');
  await expect(folder.search).toBeVisible();

  await page.goto('/account');
  const section = page.getByRole('region', { name: 'Passkeys' });
  const rows = section.getByRole('listitem');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(/My phone.*Last used/);
  await section.getByLabel('Your password, to confirm', { exact: true }).fill(PASSWORD);
  await section.getByRole('button', { name: 'Add passkey' }).press('Enter');
  await expect(section.getByText('This device already has a passkey')).toBeVisible();
  await section.getByRole('button', { name: 'Remove the passkey My phone' }).press('Enter');
  await expect(page.getByText('Administrators need a passkey here.')).toBeVisible();

  await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: phone });
  await plugIn(cdp);
  await name.fill('Key ring');
  await section.getByRole('button', { name: 'Add passkey' }).press('Enter');
  await expect(rows).toHaveCount(2);
  await section.getByRole('button', { name: 'Rename the passkey Key ring' }).press('Enter');
  await expect(section.getByLabel('New name')).toBeFocused();
  expect(await axeFindings(page)).toEqual([]);
  await section.getByLabel('New name').fill('Keys at home');
  await section.getByLabel('New name').press('Enter');
  await expect(section.getByRole('button', { name: 'Rename the passkey Keys at home' })).toBeFocused();
  await section.getByRole('button', { name: 'Remove the passkey My phone' }).press('Enter');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Keys at home');
});
