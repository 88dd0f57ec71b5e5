import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './server.ts';
import { pageAtRest, requestsAtRest } from './animations.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { AppPage } from './pages/app.page.ts';
import { SignInPage } from './pages/sign-in.page.ts';
import { TrayPage } from './pages/tray.page.ts';
import { pngFile } from './png.ts';

test('without a network what is loaded stays, and sending goes on when it is back', async ({
  signedIn: page,
  context,
}) => {
  const tray = new TrayPage(page);
  await tray.pick([await pngFile('before.png', 1)]);
  await expect(tray.pictures).toHaveCount(1);
  await new AppPage(page).controlled();
  await context.setOffline(true);
  await expect(page.getByText("You're offline")).toBeVisible();
  await tray.pick([await pngFile('meanwhile.png', 2)]);
  await expect(tray.row('meanwhile.png')).toContainText('Waiting for the connection');
  await tray.pictures.first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await context.setOffline(false);
  await expect(page.getByText("You're offline")).toBeHidden();
  await expect(tray.pictures).toHaveCount(2);

  // A search that cannot be made says so, and does not count the pictures of another list.
  await context.setOffline(true);
  await page.getByRole('combobox', { name: 'Search' }).fill('kissa');
  await expect(page.getByRole('main').getByRole('alert')).toContainText('No connection');
  await expect(page.getByText(/results?$/)).toHaveCount(0);
  await expect(tray.pictures).toHaveCount(0);
  await page.getByRole('button', { name: 'Go to the folder' }).click();
  await expect(tray.pictures).toHaveCount(2);
  await context.setOffline(false);
});

test('a reload without a network shows the last folder, until the person signs out', async ({
  signedIn: page,
  context,
}) => {
  const tray = new TrayPage(page);
  const app = new AppPage(page);
  await tray.pick([await pngFile('kept.png', 1)]);
  await expect(tray.pictures).toHaveCount(1);
  await app.controlled();
  await expect.poll(() => app.keptItems()).toBe(1);
  await context.setOffline(true);
  await page.reload();
  await expect(tray.pictures).toHaveCount(1);
  await expect(page.getByText("You're offline")).toBeVisible();
  await tray.pictures.first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await context.setOffline(false);
  await expect(page.getByText("You're offline")).toBeHidden();

  await new AccountMenu(page).signOut();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect.poll(async () => Object.keys(await app.kept())).not.toContain('folder');
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(tray.pictures).toHaveCount(0);
  await context.setOffline(false);
});

test('an ended session leaves no copy of the folder, whatever changes under the sign-in', async ({
  signedIn: page,
}) => {
  const tray = new TrayPage(page);
  const app = new AppPage(page);
  const again = new SignInPage(page);
  await tray.pick([await pngFile('kept.png', 1)]);
  await expect(tray.pictures).toHaveCount(1);
  await expect.poll(() => app.keptItems()).toBe(1);
  await page.clock.install();
  await page.context().clearCookies();
  // The picture leaves the list and returns, because the server refuses.
  await page.locator('.tile').getByRole('link').first().focus();
  await page.keyboard.press('Delete');
  await expect(again.again).toBeVisible();
  await page.clock.runFor(10_000);
  expect(Object.keys(await app.kept())).not.toContain('folder');

  await page.clock.resume();
  await again.enterAgain('Aino', PASSWORD);
  await expect.poll(() => app.keptItems()).toBe(1);
});

test('a server that is killed and comes back gets what was being sent, once', async ({ page }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-offline-'));
  let server = await startServer({ dataDir });
  try {
    const { port } = new URL(server.url);
    const data = { username: 'Aino', password: PASSWORD };
    await page.request.post(`${server.url}/api/auth/register`, { headers: { origin: server.url }, data });
    await page.goto(server.url);
    const tray = new TrayPage(page);
    await tray.pick([await pngFile('one.png', 1)]);
    await expect(tray.pictures).toHaveCount(1);
    await requestsAtRest(page); // the upload code is preloaded
    await server.kill();
    await tray.pick([await pngFile('two.png', 2)]);
    await expect(tray.row('two.png')).toContainText('Waiting for the connection');
    await expect(page.getByText("You're offline")).toBeVisible();
    server = await startServer({ dataDir, env: { PORT: port } });
    await expect(tray.pictures).toHaveCount(2);
    await expect(page.getByText("You're offline")).toBeHidden();
    const { items } = await (await page.request.get(`${server.url}/api/media`)).json();
    expect(items).toHaveLength(2);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});

test.describe('what comes behind the page', () => {
  test.use({ serviceWorkers: 'block' });

  test('is done without where the connection has gone before it came, and comes when it is back', async ({
    signedIn: page,
    context,
  }) => {
    const missed: string[] = [];
    const parts = /\/assets\/(app-updates|share-target)-[^/]+\.js$/;
    await page.route(parts, async (route) => {
      missed.push(/app-updates|share-target/.exec(route.request().url())?.[0] ?? '');
      await route.abort('internetdisconnected');
    });
    await page.reload();
    await expect.poll(() => new Set(missed)).toEqual(new Set(['app-updates', 'share-target']));
    await pageAtRest(page);
    await expect(page.getByRole('combobox', { name: 'Search' })).toBeVisible();
    await expect(page.getByText('Something went wrong')).toBeHidden();

    await page.unroute(parts);
    const came = page.waitForResponse(/\/assets\/app-updates-[^/]+\.js$/);
    await context.setOffline(true);
    await context.setOffline(false);
    expect((await came).status()).toBe(200);
  });
});
