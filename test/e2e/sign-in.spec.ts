import { expect, PASSWORD, test } from './fixtures.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { HomePage } from './pages/home.page.ts';
import { SignInPage } from './pages/sign-in.page.ts';

test(
  'a wrong password is told in words, a right one opens the folder, and the way out closes it',
  { tag: '@smoke' },
  async ({ signedIn: page }) => {
    const folder = new HomePage(page);
    const signIn = new SignInPage(page);
    await new AccountMenu(page).signOut();
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await expect(signIn.username).toBeFocused();
    await expect(signIn.password).toHaveAttribute('autocomplete', 'current-password');

    await signIn.fill('Aino', 'not the password');
    await expect(page.getByText('Incorrect username or password.')).toBeVisible();
    // The typed text is still there.
    await expect(signIn.username).toHaveValue('Aino');

    await page.getByRole('button', { name: 'Show password' }).click();
    await expect(signIn.password).toHaveAttribute('type', 'text');
    await signIn.password.fill(PASSWORD);
    await page.keyboard.press('Enter');
    await expect(folder.search).toBeVisible();

    // The session survives a reload, and scripts cannot read the cookie.
    await page.reload();
    await expect(folder.search).toBeVisible();
    expect(await page.evaluate(() => document.cookie)).toBe('');
  },
);

test('signing in leads to the address one came to', async ({ signedIn: page }) => {
  await new AccountMenu(page).signOut();
  await page.goto('/account');
  await new SignInPage(page).fill('Aino', PASSWORD);
  await expect(page.getByRole('heading', { name: 'Account settings' })).toBeVisible();
});

test('after too many wrong passwords the page says to wait', async ({ signedIn: page, server }) => {
  const headers = { origin: server.url };
  await page.request.post('/api/auth/logout', { headers });
  let status = 401;
  for (let tries = 0; status === 401 && tries < 40; tries++) {
    const data = { username: 'Aino', password: `wrong password ${tries}` };
    status = (await page.request.post('/api/auth/login', { headers, data })).status();
  }
  expect(status).toBe(429);
  await page.goto('/');
  await new SignInPage(page).fill('Aino', PASSWORD);
  await expect(page.getByText('Too many attempts. Wait a few minutes and try again.')).toBeVisible();
});
