import { readFile } from 'node:fs/promises';
import { axeFindings } from './axe.ts';
import { expect, PASSWORD, test } from './fixtures.ts';

test.use({ serverEnv: { OCR: 'off' }, permissions: ['clipboard-read', 'clipboard-write'] });

test('an API token is made with the keyboard, copied once, listed with its use, revoked and explained', async ({
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
  expect(await axeFindings(page)).toEqual([]);

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

  // The page about the API: without a script, in both languages and themes.
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).origin));
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await section.getByRole('link', { name: 'What the API does' }).click();
  await expect(page.getByRole('heading', { name: 'The API', level: 1 })).toBeVisible();
  const operation = page.locator('details#getMedia');
  await operation.locator('summary').press('Enter');
  await expect(operation.getByText('nextCursor')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await axeFindings(page)).toEqual([]);
  }
  await page.getByRole('link', { name: 'Suomeksi' }).click();
  await expect(page.getByRole('heading', { name: 'Rajapinta', level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fi');
  expect(await axeFindings(page)).toEqual([]);
  expect([...hosts]).toEqual([new URL(page.url()).origin]);
  expect(complaints).toEqual([]);
});
