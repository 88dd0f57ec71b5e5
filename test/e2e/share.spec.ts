import type { Page } from 'playwright/test';
import { shareAnswer, type Share } from '../../app/shares/shares.schema.ts';
import { animation, picture } from '../support/media/pictures.ts';
import { axeFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { addFile, patchItem } from './items.ts';
import { GridPage } from './pages/grid.page.ts';
import { SharePage } from './pages/share.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { joinAs } from './people.ts';

test.use({ serverEnv: { OCR: 'off' } });
test.beforeEach(({ context }) => context.grantPermissions(['clipboard-read', 'clipboard-write']));

const LINK = /^http:\/\/[^/]+\/s\/[\w-]{22}$/;

async function add(page: Page, title: string) {
  const item = await addFile(page, 'a.png', await picture());
  await patchItem(page, item.id, { title });
  return item;
}

/** Shares items by a request instead of the page. */
async function shareBy(page: Page, itemIds: readonly string[]): Promise<Share> {
  const headers = { origin: new URL(page.url()).origin };
  const response = await page.request.post('/api/shares', { headers, data: { itemIds } });
  expect(response.status()).toBe(201);
  return shareAnswer.parse(await response.json()).share;
}

test(
  'the viewer makes links with a lifetime and a name, lists, changes and revokes them',
  { tag: '@smoke' },
  async ({ signedIn: page }) => {
    const item = await add(page, 'kissa');
    const [viewer, share] = [new ViewerPage(page), new SharePage(page)];
    await viewer.open(item.id);
    await viewer.button('Share').click();
    await expect(share.dialog.getByRole('heading', { name: 'Share “kissa”' })).toBeVisible();
    await expect(share.links).toHaveCount(0);

    // The plain link is made once; Copy link gives the same one.
    const plain = await share.createLink();
    expect(plain).toMatch(LINK);
    await expect(share.links).toHaveCount(1);
    await expect(share.links.first()).toContainText('Does not expire · Not opened yet');
    expect(await share.createLink()).toBe(plain);
    await expect(share.links).toHaveCount(1);

    await share.choose(share.dialog, '1 week');
    await share.dialog.getByRole('checkbox', { name: 'Show my name on the page' }).check();
    const short = await share.createLink();
    expect(short).not.toBe(plain);
    await expect(share.links).toHaveCount(2);
    const row = share.links.filter({ hasText: short });
    await expect(row).toContainText(/Expires .*20\d\d/);

    await row.getByRole('button', { name: /^Change: / }).click();
    await share.choose(row, 'Always');
    expect(await axeFindings(page), 'dialog with a form').toEqual([]);
    await row.getByRole('button', { name: 'Save' }).click();
    await expect(share.said).toHaveText('Link changed');
    await expect(row).toContainText('Does not expire');

    await row.getByRole('button', { name: /^Revoke: / }).click();
    await expect(row.getByText('The link stops working at once, for good.')).toBeVisible();
    await row.getByRole('button', { name: 'Cancel' }).click();
    await expect(share.links).toHaveCount(2);
    await row.getByRole('button', { name: /^Revoke: / }).click();
    await row.getByRole('button', { name: 'Revoke', exact: true }).click();
    await expect(share.said).toHaveText('Link revoked');
    await expect(share.links).toHaveCount(1);
    await expect(share.create).toBeFocused();
    await share.links
      .first()
      .getByRole('button', { name: /^Copy link: / })
      .click();
    await expect.poll(share.clipboard).toBe(plain);

    await page.keyboard.press('Escape');
    await expect(share.dialog).toHaveCount(0);
    await expect(viewer.dialog).toBeVisible();
  },
);

test('the account page lists one’s links page by page and ends one or all; an admin sees and ends everyone’s', async ({
  signedIn: page,
  browser,
  server,
}) => {
  const mine = await add(page, 'kissa');
  const other = await joinAs(browser, page, 'Louhi', server.url);
  const theirs = await add(other, 'koira');
  for (let i = 0; i < 31; i++) await shareBy(other, [theirs.id]);
  const gallery = await shareBy(other, [theirs.id, mine.id]);
  await shareBy(page, [mine.id]);

  const share = new SharePage(other);
  await other.goto('/account');
  const section = share.section('My shares');
  const rows = section.locator('.share-row');
  await expect(rows).toHaveCount(30);
  await expect(rows.first()).toContainText('2 pictures');
  await expect(rows.first().locator('img')).toHaveCount(2);
  await section.getByRole('button', { name: 'Show more' }).click();
  await expect(rows).toHaveCount(32);
  expect(await axeFindings(other), 'account page').toEqual([]);

  // A second tab follows.
  const tab = await other.context().newPage();
  await tab.goto('/account');
  await expect(tab.locator('.share-row').first()).toContainText('Does not expire');
  await rows.first().getByRole('button', { name: 'Revoke: 2 pictures' }).click();
  await rows.first().getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(rows.first()).toContainText('Revoked');
  await expect(rows.first().getByText(gallery.url)).toHaveCount(0);
  await expect(tab.locator('.share-row').first()).toContainText('Revoked');

  // The admin sees whose they are, and ends all.
  await page.goto('/admin/shares');
  const all = new SharePage(page).section('All shares');
  await expect(all.locator('.share-row').first()).toContainText('Shared by Aino');
  await expect(all.locator('.share-row').nth(1)).toContainText('Shared by Louhi');
  await all.getByRole('button', { name: 'Revoke all' }).click();
  await all.getByRole('button', { name: 'Revoke all' }).last().click();
  await expect(page.getByText('32 links revoked')).toBeVisible();
  await expect(all.locator('.share-row').first()).toContainText('Revoked');
  await all.getByRole('button', { name: 'Show more' }).click();
  await expect(all.getByRole('button', { name: 'Revoke all' })).toHaveCount(0);
});

test('the file’s own address ends with its last link, or stays, as its owner chooses', async ({
  signedIn: page,
  browser,
  server,
}) => {
  const item = await add(page, 'kissa');
  const other = await shareBy(page, [item.id]);
  const [viewer, share] = [new ViewerPage(page), new SharePage(page)];
  const end = share.dialog.getByRole('checkbox', { name: /file’s own address/ });
  await viewer.open(item.id);
  await viewer.button('Share').click();
  await expect(share.links).toHaveCount(1);

  // Another link lives: the choice is off until asked for. Without an expiry there is none.
  await expect(end).toHaveCount(0);
  await share.choose(share.dialog, '1 day');
  await expect(end).not.toBeChecked();
  const link = await share.createLink();
  await expect(share.links).toHaveCount(2);
  await share.choose(share.dialog, 'Always');
  await share.links
    .filter({ hasText: link })
    .getByRole('button', { name: /^Revoke: / })
    .click();
  await expect(end).not.toBeChecked();
  await share.dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(share.said).toHaveText('Link revoked');
  expect((await page.request.get(item.url)).status()).toBe(200);

  // The last one takes the address along, and the open page follows.
  await share.links
    .filter({ hasText: other.url })
    .getByRole('button', { name: /^Revoke: / })
    .click();
  await expect(end).toBeChecked();
  expect(await axeFindings(page), 'dialog that asks').toEqual([]);
  await share.dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(share.said).toContainText('The file’s own address ends within a minute.');
  await expect.poll(async () => (await page.request.get(item.url)).status()).toBe(404);
  await page.keyboard.press('Escape');
  const shown = () => viewer.picture.evaluate((img: HTMLImageElement) => new URL(img.src).pathname);
  await expect.poll(shown).not.toBe(new URL(item.url, page.url()).pathname);

  // Only the owner of the file may end its address.
  const guest = await joinAs(browser, page, 'Louhi', server.url);
  await new ViewerPage(guest).open(item.id);
  await new ViewerPage(guest).button('Share').click();
  const theirs = new SharePage(guest);
  await theirs.choose(theirs.dialog, '1 day');
  await expect(theirs.dialog.getByRole('checkbox')).toHaveCount(1);
});

test('a tile shares its picture, and a selection shares one page', async ({ signedIn: page, server }) => {
  const [grid, share] = [new GridPage(page), new SharePage(page)];
  await grid.add(server.url, ['yksi', 'kaksi', 'kolme']);
  await page.goto('/');
  await expect(grid.tiles()).toHaveCount(3);
  await grid.link(0).hover();
  await page.getByRole('button', { name: 'Share kolme' }).click();
  await expect(share.dialog.getByRole('heading', { name: 'Share “kolme”' })).toBeVisible();
  expect(await share.createLink()).toMatch(LINK);
  await page.keyboard.press('Escape');
  await expect(share.dialog).toHaveCount(0);

  await grid.link(0).focus();
  await page.keyboard.press('Control+a');
  await grid.bar().getByRole('button', { name: 'Share' }).click();
  await expect(share.dialog.getByRole('heading', { name: 'Share 3 pictures on one page' })).toBeVisible();
  await expect(share.links).toHaveCount(0);
  expect(await share.createLink()).toMatch(LINK);
  await expect(share.links).toHaveCount(1);
  await expect(share.links).toContainText('3 pictures');
});

test('without a network the dialog says so, and works once it is back', async ({
  signedIn: page,
  context,
}) => {
  const item = await add(page, 'kissa');
  const [viewer, share] = [new ViewerPage(page), new SharePage(page)];
  await viewer.open(item.id);
  await viewer.button('Share').click();
  await expect(share.create).toBeVisible();
  await context.setOffline(true);
  await share.create.click();
  await expect(share.said).toContainText('No connection');
  await expect(share.links).toHaveCount(0);
  await context.setOffline(false);
  expect(await share.createLink()).toMatch(LINK);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  /** Stands in for the system's share sheet, which takes every file except GIFs. */
  const withShareSheet = (page: Page) =>
    page.addInitScript(() => {
      const given: unknown[] = [];
      Object.assign(globalThis, { given });
      Object.defineProperty(navigator, 'canShare', {
        value: ({ files }: ShareData) => files?.every(({ type }) => type !== 'image/gif') ?? true,
      });
      Object.defineProperty(navigator, 'share', {
        value: async (data: ShareData) => {
          const [file] = data.files ?? [];
          given.push({ url: data.url ?? null, name: file?.name ?? null, size: file?.size ?? null });
        },
      });
    });

  test('the share sheet comes first, from the viewer and from the selection; the dialog is in the menu', async ({
    signedIn: page,
  }) => {
    const item = await add(page, 'jaettava');
    const [grid, viewer, share] = [new GridPage(page), new ViewerPage(page), new SharePage(page)];
    await withShareSheet(page);
    const given = () => page.evaluate(() => Reflect.get(globalThis, 'given'));
    await page.goto('/');
    await expect(grid.tiles()).toHaveCount(1);
    await grid.link(0).focus();
    await page.keyboard.press('x');
    await grid.bar().getByRole('button', { name: 'Share' }).tap();
    await expect.poll(given).toEqual([{ url: null, name: 'jaettava.png', size: item.byteSize }]);

    const gif = await addFile(page, 'ei-sellaisenaan.gif', await animation());
    await viewer.open(gif.id);
    await viewer.button('Share').tap();
    await expect.poll(given).toEqual([{ url: expect.stringMatching(LINK), name: null, size: null }]);

    await viewer.open(item.id);
    await viewer.button('More').tap();
    await viewer.button('Share by link…').tap();
    await expect(share.create).toBeVisible();
    expect(await share.createLink()).toMatch(LINK);
    const overflow = await share.dialog.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await axeFindings(page), 'dialog').toEqual([]);
  });
});
