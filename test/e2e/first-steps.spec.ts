import { mediaList } from '../../app/media/media.schema.ts';
import { expect, test } from './fixtures.ts';
import { joinAs } from './people.ts';
import { plain } from './pictures.ts';

test.use({ serverEnv: { OCR: 'off' } });

test('an empty folder has three steps, and each does what it says', async ({ signedIn: page }) => {
  const step = (name: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: name });
  await expect(page.getByRole('heading', { name: 'This folder is empty' })).toBeVisible();

  // The browser asks by itself only after a while, so the test plays its part.
  await expect(step('Install the app')).toContainText('in the menu of the browser');
  await page.evaluate(() => {
    const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
      prompt: async () => document.body.setAttribute('data-asked', String(event.defaultPrevented)),
    });
    window.dispatchEvent(event);
  });
  await step('Install the app').getByRole('button', { name: 'Install' }).click();
  await expect(page.locator('body')).toHaveAttribute('data-asked', 'true');
  await page.evaluate(() => window.dispatchEvent(new Event('appinstalled')));
  await expect(step('Install the app')).toHaveCount(0);

  await step('Invite friends').getByRole('link', { name: 'Make an invitation' }).click();
  await expect(page).toHaveURL('/invites');
  await page.goBack();

  const picker = page.waitForEvent('filechooser');
  await step('Add pictures').getByRole('button', { name: 'Choose files' }).click();
  const file = { name: 'eka.png', mimeType: 'image/png', buffer: await plain(40, 30) };
  await (await picker).setFiles([file]);
  await expect
    .poll(async () => mediaList.parse(await (await page.request.get('/api/media')).json()).items.length)
    .toBe(1);
});

test('only who may invite sees that step, and iOS is told how to install', async ({
  signedIn: aino,
  browser,
  server,
}) => {
  const member = await joinAs(browser, aino, 'Väinö', server.url);
  await member.goto('/');
  await expect(member.getByRole('heading', { name: 'Invite friends' })).toBeVisible();
  const closed = await aino.request.patch('/api/admin/settings', {
    headers: { origin: server.url },
    data: { membersMayInvite: false },
  });
  expect(closed.ok()).toBe(true);
  // As Safari on a phone: no event, and fingers.
  await member.addInitScript(() => {
    Reflect.deleteProperty(window, 'onbeforeinstallprompt');
    Object.defineProperty(navigator, 'maxTouchPoints', { value: 5 });
  });
  await member.goto('/');
  await expect(member.getByText('choose “Add to Home Screen”')).toBeVisible();
  await expect(member.getByRole('heading', { name: 'Add pictures' })).toBeVisible();
  await expect(member.getByRole('heading', { name: 'Invite friends' })).toHaveCount(0);
});

test('the sign-in page says whom to ask for a new password, and names nobody', async ({
  signedIn: page,
  server,
}) => {
  await page.request.post('/api/auth/logout', { headers: { origin: server.url } });
  await page.goto('/');
  await expect(page.getByText('Forgot your password? Ask an administrator for a new one.')).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText('Aino');
});
