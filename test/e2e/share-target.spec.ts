import { expect, PASSWORD, test } from './fixtures.ts';
import { AppPage } from './pages/app.page.ts';
import { TrayPage } from './pages/tray.page.ts';
import { png } from './png.ts';

test('what is shared to the app is in the folder, with what was said as its title', async ({
  signedIn: page,
}) => {
  const app = new AppPage(page);
  const tray = new TrayPage(page);
  await app.controlled();
  await app.share({ title: '', text: 'so true', url: '' }, [
    { name: 'shared-1.png', buffer: await png(1) },
    { name: 'shared-2.png', buffer: await png(2) },
  ]);
  await expect(tray.pictures).toHaveCount(2);
  await expect(page.getByRole('main').getByText('so true')).toHaveCount(2);
  await expect(page).toHaveURL(/\/$/);
  // Nothing is left to send again.
  await expect.poll(async () => (await app.kept())['inbox'] ?? 0).toBe(0);
});

test('what is shared while nobody is signed in waits until somebody is', async ({
  signedIn: page,
  server,
}) => {
  const app = new AppPage(page);
  const tray = new TrayPage(page);
  await app.controlled();
  const headers = { origin: server.url };
  expect((await page.request.post('/api/auth/logout', { headers })).ok()).toBe(true);
  await app.share({}, [{ name: 'shared.png', buffer: await png(3) }]);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(await app.kept()).toMatchObject({ inbox: 1 });
  await page.getByLabel('Username').fill('Aino');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(tray.pictures).toHaveCount(1);
});

test('a link or words alone are answered in words, with a search for them', async ({ signedIn: page }) => {
  const app = new AppPage(page);
  await app.controlled();
  await app.share({ title: 'grumpy cat', text: '', url: '' });
  await expect(page.getByText('Only images and videos can be shared here')).toBeVisible();
  await page.getByRole('button', { name: 'Search for it' }).click();
  await expect(page).toHaveURL(/q=grumpy/);
});

test('without its worker the share is asked for once more, not lost in an error page', async ({
  server,
  browser,
}) => {
  const context = await browser.newContext({ serviceWorkers: 'block', baseURL: server.url });
  const page = await context.newPage();
  expect(
    (
      await page.request.post('/api/auth/register', {
        headers: { origin: server.url },
        data: { username: 'Aino', password: PASSWORD },
      })
    ).status(),
  ).toBe(201);
  await page.goto('/');
  await new AppPage(page).share({}, [{ name: 'shared.png', buffer: await png(4) }]);
  await expect(page.getByText('The shared files did not arrive')).toBeVisible();
  await context.close();
});
