import type { MediaItem } from '../../app/media/media.schema.ts';
import { picture } from '../support/media/pictures.ts';
import { expect, PASSWORD, test } from './fixtures.ts';
import { addFile, getItem, patchItem } from './items.ts';
import { HomePage } from './pages/home.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { plain } from './pictures.ts';
import { atRest } from './animations.ts';

test.use({ serverEnv: { OCR: 'off' } });

test('a picture has an address: signed out one signs in and is there, and closing leads to the folder', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'kissa.png', await picture());
  const viewer = new ViewerPage(page);
  await page.context().clearCookies();
  await page.goto(`/m/${item.id}`);
  await page.getByLabel('Username').fill('Aino');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(viewer.title).toHaveText('kissa');
  expect(viewer.shownId()).toBe(item.id);
  await expect(page).toHaveTitle('kissa · meemikansio');
  await viewer.close();
  await expect(page).toHaveURL('/');
  await expect(new HomePage(page).pictures).toHaveCount(1);
});

test('arrows and buttons walk through the list, and back keeps its place with the focus on what was seen last', async ({
  signedIn: page,
}) => {
  const added: MediaItem[] = [];
  for (let i = 0; i < 66; i++) added.push(await addFile(page, `kuva-${i}-x.png`, await plain(320, 200)));
  const ids = added.map(({ id }) => id).toReversed();
  const start = 54;
  const next = await getItem(page, ids[start + 1] ?? '');
  await patchItem(page, next.id, { text: 'words of the neighbour' });
  const folder = new HomePage(page);
  const viewer = new ViewerPage(page);
  await folder.open();
  const tile = (id?: string) => page.locator(`[data-id="${id}"]`);
  // Each wheel event loads and shows more. The tile is in view once it is drawn there.
  const inView = () =>
    tile(ids[start]).evaluateAll((tiles) =>
      tiles.some((one) => one.getBoundingClientRect().bottom <= innerHeight),
    );
  while (!(await inView())) await page.mouse.wheel(0, 400);
  await tile(ids[start]).click();
  await expect(viewer.title).toHaveText(`kuva-${65 - start}-x`);

  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(100);

  // The neighbours are loaded before the user opens them, texts included. Details asked for again,
  // because they are old or have changed, may be late.
  const loaded = (path: string) =>
    page.evaluate((url) => performance.getEntriesByName(new URL(url, location.href).href).length, path);
  for (const path of [next.url, `/api/media/${next.id}`])
    await expect.poll(() => loaded(path), path).toBeGreaterThan(0);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(`**/api/media/${next.id}`, async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.press('ArrowRight');
  await expect(viewer.title).toHaveText(`kuva-${65 - start - 1}-x`);
  await expect(viewer.picture).toHaveJSProperty('naturalWidth', 320);
  await expect(viewer.words).toContainText('words of the neighbour');
  release();
  await viewer.button('Next').click();
  await page.keyboard.press('ArrowLeft');
  await viewer.button('Previous').click();
  await expect(viewer.title).toHaveText(`kuva-${65 - start}-x`);

  // One step back leaves the viewer, after any number of pictures.
  await page.goBack();
  await expect(viewer.dialog).toHaveCount(0);
  await expect(page).toHaveURL('/');
  expect(await page.evaluate(() => scrollY)).toBe(before);
  await expect(tile(ids[start]).getByRole('link')).toBeFocused();

  // Beyond the loaded page, the next page loads automatically.
  await tile(ids[start]).click();
  for (let at = start; at < 63; at++) {
    await page.keyboard.press('ArrowRight');
    await expect(viewer.title).toHaveText(`kuva-${65 - at - 1}-x`);
  }
  await viewer.close();
  await expect(tile(ids[63]).getByRole('link')).toBeFocused();
  await expect(tile(ids[63])).toBeInViewport();
});

test('the picture changes first, and what is told of it a moment later: nobody can act on the old one meanwhile', async ({
  signedIn: page,
}) => {
  for (const name of ['vanha.png', 'uusi.png']) await addFile(page, name, await plain(320, 200));
  const viewer = new ViewerPage(page);
  await new HomePage(page).open();
  await page.getByRole('main').getByRole('listitem').first().getByRole('link').click();
  await expect(viewer.title).toHaveText('uusi');
  expect(await viewer.seenWhile('ArrowRight')).toEqual([
    { picture: 'uusi', heading: 'uusi', inert: false },
    { picture: 'vanha', heading: 'uusi', inert: true },
    { picture: 'vanha', heading: 'vanha', inert: false },
  ]);
});

test('wheel, keys and a double click zoom; a zoomed picture is panned, never out of sight', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'iso-kuva.png', await plain(1600, 1200));
  await addFile(page, 'toinen.png', await picture());
  const viewer = new ViewerPage(page);
  await viewer.open(item.id);
  await expect(viewer.picture).toBeVisible();
  const box = async () => (await viewer.picture.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  // Measure after the animation: the frame glides.
  const width = async () => Math.round((await box()).width);
  await atRest(page);
  const rest = await box();
  const middle = { x: rest.x + rest.width / 2, y: rest.y + rest.height / 2 };

  await page.keyboard.press('+');
  await expect.poll(width).toBe(Math.round(rest.width * 2));
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => Math.round(rest.x - (await box()).x)).toBe(Math.round(rest.width / 2 + 80));
  expect(viewer.shownId()).toBe(item.id);
  await page.keyboard.press('0');
  await expect.poll(width).toBe(Math.round(rest.width));

  await page.mouse.move(middle.x, middle.y);
  await page.mouse.wheel(0, -400);
  await expect.poll(width).toBeGreaterThan(rest.width * 2);
  await page.mouse.down();
  await page.mouse.move(middle.x + 3000, middle.y + 3000, { steps: 4 });
  await page.mouse.up();
  // The left and upper edge stop at the viewer image.
  const stage = (await viewer.dialog.locator('.viewer-image').boundingBox()) ?? { x: -1, y: -1 };
  await expect.poll(async () => Math.abs((await box()).x - stage.x)).toBeLessThan(0.5);
  expect(Math.abs((await box()).y - stage.y)).toBeLessThan(0.5);
  await page.mouse.dblclick(middle.x, middle.y);
  await expect.poll(width).toBe(Math.round(rest.width));

  await viewer.button('Zoom in').dblclick();
  await expect.poll(width).toBe(Math.round(rest.width * 4));
});

test('what is gone says so, a part that breaks leaves the others, and the focus stays inside', async ({
  signedIn: page,
}) => {
  const item = await addFile(page, 'ehjä.png', await picture());
  const viewer = new ViewerPage(page);
  await page.goto('/m/01900000-0000-7000-8000-000000000000');
  await expect(viewer.dialog.getByRole('heading', { name: 'This item no longer exists' })).toBeVisible();
  await viewer.button('Go to the folder').click();
  await expect(page).toHaveURL('/');

  // An answer of a server of another release, which the details cannot render.
  await page.route(`**/api/media/${item.id}`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), createdAt: 'never' } });
  });
  await page.goto(`/m/${item.id}`);
  await expect(viewer.dialog.getByText('This section failed to load.')).toBeVisible();
  await expect(viewer.picture).toBeVisible();
  await expect(viewer.button('Copy link')).toBeVisible();
  await page.unroute(`**/api/media/${item.id}`);

  await viewer.open(item.id);
  for (let i = 0; i < 25; i++) {
    await page.keyboard.press(i % 5 === 4 ? 'Shift+Tab' : 'Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('dialog.viewer') !== null)).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(viewer.dialog).toHaveCount(0);
});
