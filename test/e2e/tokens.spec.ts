import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, PASSWORD, test } from './fixtures.ts';

test.use({ serverEnv: { OCR: 'off' }, permissions: ['clipboard-read', 'clipboard-write'] });

test('an API token is made with the keyboard, copied once, listed with its use, and revoked', async ({
  signedIn: page,
  playwright,
  server,
}) => {
  await page.goto('/account');
  const section = page.getByRole('region', { name: 'API tokens' });
  const password = section.getByLabel('Your password, to confirm', { exact: true });
  await section.getByLabel('Name of the token').fill('ShareX at home');
  await expect(section.getByRole('checkbox', { name: 'See and search' })).toBeChecked();
  await expect(section.getByRole('checkbox')).toHaveCount(4);
  await section.getByRole('checkbox', { name: 'Add files' }).press('Space');
  await section.getByLabel('Token expires in').selectOption('30 days');
  await password.fill('not the password');
  await password.press('Enter');
  await expect(password).toHaveAccessibleDescription(/not your current password/);
  await expect(password).toBeFocused();
  await password.fill(PASSWORD);
  await password.press('Enter');

  const made = section.getByRole('textbox', { name: 'Token ShareX at home' });
  await expect(made).toBeFocused();
  const token = await made.inputValue();
  expect(token).toMatch(/^mmk_/);
  await section.getByRole('button', { name: 'Copy token' }).press('Enter');
  await expect(page.getByText('Token copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    section.getByRole('link', { name: 'Save the file for ShareX' }).press('Enter'),
  ]);
  expect(saved.suggestedFilename()).toBe('meemikansio.sxcu');
  expect(JSON.parse(await readFile(await saved.path(), 'utf8'))).toMatchObject({
    RequestURL: `${server.url}/api/media`,
    Headers: { Authorization: `Bearer ${token}` },
  });
  const row = section.getByRole('listitem');
  await expect(row).toContainText('See and search · Add files');
  await expect(row).toContainText('Not used yet');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  const program = await playwright.request.newContext({
    baseURL: server.url,
    extraHTTPHeaders: { authorization: `Bearer ${token}` },
  });
  expect((await program.get('/api/media')).status()).toBe(200);
  await page.reload();
  await expect(row).toContainText(/Last used .* from 127\.0\.0\.1/);
  await expect(made).toHaveCount(0);
  await section.getByRole('button', { name: 'Revoke the token ShareX at home' }).press('Enter');
  await expect(section.getByText('No tokens yet.')).toBeVisible();
  expect((await program.get('/api/media')).status()).toBe(401);
  await program.dispose();
});
