import type { Page, Request, Route } from 'playwright/test';
import { picture } from '../support/media/pictures.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { endSessionAtChange } from './end-session.ts';
import { addFile, getItem } from './items.ts';
import { joinAs } from './people.ts';
import { AccountMenu } from './pages/account-menu.page.ts';
import { SignInPage } from './pages/sign-in.page.ts';
import { TrayPage } from './pages/tray.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { pngFile } from './png.ts';

// A request of the service worker passes no route.
test.use({ serverEnv: { OCR: 'off' }, serviceWorkers: 'block' });

const REFUSAL = { status: 401, json: { code: 'not_signed_in', message: 'Sign in first.', requestId: 'x' } };

/** Holds the next request of a method to an address until it gets its answer. */
async function holdNext(page: Page, method: string, address: RegExp) {
  const { promise: held, resolve: hold } = Promise.withResolvers<Route>();
  let waits = true;
  const fits = (request: Request) => waits && request.method() === method;
  await page.route(address, async (route) => {
    if (!fits(route.request())) return route.fallback();
    waits = false;
    hold(route);
  });
  return {
    /** The request, once the page has sent it. */
    request: () => held.then((route) => route.request()),
    answer: async (body: Parameters<Route['fulfill']>[0]) => (await held).fulfill(body),
  };
}

/** Ends the session, lets the page find out by adding a tag, and signs in again. */
async function endAndSignIn(page: Page, viewer: ViewerPage): Promise<void> {
  await endSessionAtChange(page);
  const tag = viewer.tags.getByRole('combobox', { name: 'Add a tag' });
  await tag.fill('uusi');
  await tag.press('Enter');
  await new SignInPage(page).enterAgain('Aino', PASSWORD);
}

test('a refusal from before the sign-in does not ask again: a change and an upload are sent anew', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'kuva.png', await picture());
  const viewer = new ViewerPage(page);
  const tray = new TrayPage(page);
  await viewer.open(item.id);
  const title = viewer.dialog.getByLabel('Title', { exact: true });

  const change = await holdNext(page, 'PATCH', /\/api\/media\/[^/]+$/);
  await viewer.button('Edit the title').click();
  await title.fill('Myöhässä');
  await title.press('Enter');
  await change.request();
  await endAndSignIn(page, viewer);
  await change.answer(REFUSAL);
  await expect(viewer.title).toHaveText('Myöhässä');
  await viewer.close();

  const upload = await holdNext(page, 'POST', /\/api\/media$/);
  await tray.pick([await pngFile('late.png', 1)]);
  await upload.request();
  await page.locator('.tile').getByRole('link').first().click();
  await endAndSignIn(page, viewer);
  await upload.answer(REFUSAL);
  await expect(tray.pictures).toHaveCount(2);
  await expect(new SignInPage(page).again).toBeHidden();
});

test('what one person changed is not sent as the one who signs in meanwhile', async ({
  signedIn: page,
  browser,
  server,
}) => {
  await joinAs(browser, page, 'Louhi', server.url);
  const item = await addFile(page, 'kuva.png', await picture());
  const viewer = new ViewerPage(page);
  await viewer.open(item.id);
  const change = await holdNext(page, 'PATCH', /\/api\/media\/[^/]+$/);
  await viewer.button('Edit the title').click();
  await viewer.dialog.getByLabel('Title', { exact: true }).fill('Ainon otsikko');
  await page.keyboard.press('Enter');
  await change.request();
  await endSessionAtChange(page);
  const tag = viewer.tags.getByRole('combobox', { name: 'Add a tag' });
  await tag.fill('uusi');
  await tag.press('Enter');
  const changes: string[] = [];
  await expect(new SignInPage(page).again).toBeVisible();
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    // The sign-in itself may also ask for a passkey.
    if (request.method() !== 'GET' && !pathname.startsWith('/api/auth/'))
      changes.push(`${request.method()} ${pathname}`);
  });
  await new SignInPage(page).fill('Louhi', PASSWORD);
  await expect(viewer.title).toHaveText('kuva');
  // The page that sent it may be gone.
  await change.answer(REFUSAL).catch(() => {});
  await viewer.close();
  await new AccountMenu(page).open();
  await expect(new AccountMenu(page).menu).toContainText('Louhi');
  expect(changes).toEqual([]);
  expect(await getItem(page, item.id)).toMatchObject({ title: item.title, tags: [] });
});

test('a list refused from before the sign-in is loaded anew', async ({ signedIn: page }) => {
  const item = await addFile(page, 'kuva.png', await picture());
  const viewer = new ViewerPage(page);
  await viewer.open(item.id);
  const tag = viewer.tags.getByRole('combobox', { name: 'Add a tag' });
  await tag.fill('vanha');
  await tag.press('Enter');
  await expect(viewer.tags.getByRole('link', { name: 'vanha' })).toBeVisible();

  const suggestions = await holdNext(page, 'GET', /\/api\/tags\?q=vanh/);
  await viewer.open((await addFile(page, 'toinen.png', await picture('png', { width: 90, height: 80 }))).id);
  await tag.fill('vanh');
  await suggestions.request();
  await endSessionAtChange(page);
  await viewer.button('Edit the title').click();
  await viewer.dialog.getByLabel('Title', { exact: true }).fill('Toinen');
  await viewer.dialog.getByLabel('Title', { exact: true }).press('Enter');
  await new SignInPage(page).enterAgain('Aino', PASSWORD);
  // The form closes with the answer, and gives the focus back to its button.
  await expect(viewer.title).toHaveText('Toinen');
  await suggestions.answer(REFUSAL);
  await tag.focus();
  await expect(viewer.tags.getByRole('option', { name: /vanha/ })).toBeVisible();
  await expect(new SignInPage(page).again).toBeHidden();
});

test('a look-up of the session from before the sign-in does not end it', async ({
  signedIn: page,
  context,
}) => {
  const item = await addFile(page, 'kuva.png', await picture());
  const viewer = new ViewerPage(page);
  await viewer.open(item.id);

  // A sign-in in another tab makes this one ask who is signed in. So may the change of the tab.
  const lookups: Route[] = [];
  await page.route(/\/api\/auth\/me$/, (route) => void lookups.push(route));
  await context.clearCookies();
  const other = await context.newPage();
  await other.goto('/');
  await new SignInPage(other).fill('Aino', PASSWORD);
  await expect(new AccountMenu(other).button).toBeVisible();
  await expect.poll(() => lookups.length).toBeGreaterThan(0);
  await endAndSignIn(page, viewer);
  for (const lookup of lookups) await lookup.fulfill({ json: { user: null, firstAccount: false } });
  await viewer.button('Edit the title').click();
  await expect(new SignInPage(page).again).toBeHidden();
});
