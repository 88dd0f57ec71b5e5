import { openContext } from '../../app/cli/context.ts';
import { parseConfig } from '../../app/config.ts';
import { picture } from '../support/media/pictures.ts';
import { failReading } from '../support/stages.ts';
import { expect, test } from './fixtures.ts';
import { databaseOf } from './server.ts';
import { addFile, getItem } from './items.ts';
import { AccountMenu } from './pages/account-menu.page.ts';

test('a Finnish browser gets Finnish, to the last word of a page', async ({
  browser,
  server,
  dataDir,
  signedIn,
}) => {
  expect(await signedIn.locator('html').getAttribute('lang')).toBe('en');
  const state = await signedIn.context().storageState();
  const context = await browser.newContext({
    baseURL: server.url,
    locale: 'fi-FI',
    storageState: { ...state, origins: [] },
  });
  const page = await context.newPage();
  await page.goto('/admin/storage');
  await expect(page.locator('html')).toHaveAttribute('lang', 'fi');
  await expect(page.getByRole('heading', { name: 'Ylläpito' })).toBeVisible();
  await expect(page.locator('.facts')).toContainText(/Alkuperäisten koko\s*0 tavua/);

  // A failure is a code on the wire, and has words in each language.
  const item = await addFile(signedIn, 'vaikea.png', await picture());
  await expect.poll(async () => (await getItem(signedIn, item.id)).state).toBe('ready');
  await using cli = await openContext(
    parseConfig({ NODE_ENV: 'test', DATA_DIR: dataDir, DATABASE_URL: await databaseOf(dataDir) }),
  );
  await failReading(cli.db, item.id, 'models');
  await page.reload();
  // A Finnish number has a comma, and a no-break space before the unit.
  await expect(page.locator('.facts')).toContainText(/Alkuperäisten koko\s*\d+(?:,\d)?\s(?:kt|t|tavua)/);
  await page.getByRole('link', { name: 'Työt' }).click();
  const jobs = page.getByRole('region', { name: 'Taustatyöt' });
  await expect(jobs.getByText('Tekstintunnistus ei ole käytettävissä.')).toBeVisible();
  await signedIn.goto('/admin/jobs');
  await expect(signedIn.getByText('Text recognition is unavailable.')).toBeVisible();
  await context.close();
});

test('the language is switched on the spot, and stays', async ({ signedIn: page }) => {
  const menu = new AccountMenu(page);
  await menu.open();
  await menu.choose('Suomi');
  await expect(page.locator('html')).toHaveAttribute('lang', 'fi');
  await expect(page.getByRole('combobox', { name: 'Haku' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'Haku' })).toBeVisible();

  // The account page has the same setting.
  await page.goto('/account');
  await expect(page.getByRole('heading', { name: 'Tilin asetukset' })).toBeVisible();
  await expect(page).toHaveTitle(/^Tilin asetukset/);
  await page.getByRole('radio', { name: 'English' }).check({ force: true });
  await expect(page.getByRole('heading', { name: 'Account settings' })).toBeVisible();
  await expect(page).toHaveTitle(/^Account settings/);
});
