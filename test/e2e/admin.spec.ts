import { expect, test, TRY_AGAIN_MS } from './fixtures.ts';
import { joinAs } from './people.ts';
import { drawPicture, drop } from './pictures.ts';

test('an admin promotes, hands over a reset link that works once, and closes invitations', async ({
  signedIn: aino,
  browser,
  server,
}) => {
  const guest = await joinAs(browser, aino, 'Väinö', server.url);
  await aino.goto('/admin');
  const people = aino.getByRole('region', { name: 'People' });
  const row = people.getByRole('listitem').filter({ hasText: 'Väinö' });

  await row.getByRole('button', { name: 'Make admin' }).click();
  await expect(row.getByText('Admin', { exact: true })).toBeVisible();
  await row.getByRole('button', { name: 'Make member' }).click();
  await expect(row.getByText('Member', { exact: true })).toBeVisible();
  // The last admin stays an admin.
  const own = people.getByRole('listitem').filter({ hasText: 'Aino' });
  await own.getByRole('button', { name: 'Make member' }).click();
  await expect(
    aino.getByText('This is the only administrator. Make someone else an administrator first.'),
  ).toBeVisible();

  await row.getByRole('button', { name: 'Reset password' }).click();
  const link = await row.getByLabel(/^Password reset link for Väinö/).inputValue();
  const visitor = await (await browser.newContext({ locale: 'en-GB' })).newPage();
  await visitor.goto(link);
  await expect(visitor.getByText('For the account Väinö.')).toBeVisible();
  await visitor.getByLabel('New password', { exact: true }).fill('another row of words');
  await visitor.getByRole('button', { name: 'Save and sign in' }).click();
  await expect(visitor.getByRole('combobox', { name: 'Search' })).toBeVisible();
  await guest.reload();
  await expect(guest.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await visitor.goto(link);
  await expect(visitor.getByRole('heading', { name: 'This link does not work' })).toBeVisible();

  await aino.getByRole('link', { name: 'Invitations' }).click();
  await aino.getByRole('checkbox', { name: 'Members can invite people' }).uncheck();
  await expect(async () => {
    await visitor.goto('/invites');
    await expect(visitor.getByText('Only administrators can invite people to this folder.')).toBeVisible({
      timeout: TRY_AGAIN_MS,
    });
  }).toPass();

  // A member who opens the URL of the page is refused.
  await visitor.goto('/admin');
  await expect(visitor.getByRole('region', { name: 'People' })).toHaveCount(0);
  expect((await visitor.request.get(`${server.url}/api/users`)).status()).toBe(403);
});

test('an admin sees what takes room and has everything made again', async ({ signedIn: aino }) => {
  await drop(aino, 'aamu.png', await drawPicture(aino, ['Hyvää huomenta']));
  await expect(aino.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await aino.goto('/admin/storage');
  const storage = aino.getByRole('region', { name: 'Storage' });
  await expect(storage.getByText('Items, trash included')).toBeVisible();
  await expect(storage.getByRole('rowheader', { name: 'Aino' })).toBeVisible();
  await aino.getByRole('link', { name: 'Jobs' }).click();
  const work = aino.getByRole('region', { name: 'Background jobs' });
  const reading = work.getByRole('rowheader', { name: 'Text recognition', exact: true });
  await expect(reading.or(work.getByText('No background jobs at the moment.'))).toBeVisible();
  await expect(work.getByText('No failures.')).toBeVisible();

  const again = work.getByRole('button', { name: 'Reprocess everything' });
  await again.click();
  const dialog = aino.getByRole('dialog', { name: 'Reprocess everything?' });
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(again).toBeFocused();
  await again.click();
  await dialog.getByRole('button', { name: 'Reprocess', exact: true }).click();
  await expect(aino.getByText('Reprocessing 1 item.')).toBeVisible();
});

test('each subject of the administration is one screen with an address', async ({ signedIn: page }) => {
  const screens = page.getByRole('navigation', { name: 'Administration' });
  const shows = async (tab: string, section: string) => {
    await expect(screens.getByRole('link', { name: tab })).toHaveAttribute('aria-current', 'page');
    await expect(page.getByRole('region')).toHaveCount(1);
    await expect(page.getByRole('region', { name: section })).toBeVisible();
    await expect(page).toHaveTitle(`${tab} · Administration · meemikansio`);
  };
  // The addresses that were there before each subject had its own.
  await page.goto('/admin#tags');
  await shows('Tags', 'Tags');
  await page.goto('/tags');
  await page.goto('/admin');
  await shows('People', 'People');

  await screens.getByRole('link', { name: 'People' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/admin/invitations');
  await shows('Invitations', 'Invitations');
  await expect(screens.getByRole('link', { name: 'Invitations' })).toBeFocused();
  await screens.getByRole('link', { name: 'Shares' }).click();
  await shows('Shares', 'All shares');
  await page.goBack();
  await shows('Invitations', 'Invitations');
  await page.goto('/admin/storage');
  await shows('Storage', 'Storage');
  await page.reload();
  await shows('Storage', 'Storage');
  await screens.getByRole('link', { name: 'Jobs' }).click();
  await shows('Jobs', 'Background jobs');
  await page.goto('/admin/nothing');
  await expect(page.getByText('This no longer exists.')).toBeVisible();
});
