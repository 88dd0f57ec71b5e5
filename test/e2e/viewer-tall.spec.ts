import type { Page } from 'playwright/test';
import { axeFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { addFile } from './items.ts';
import { HomePage } from './pages/home.page.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { plain } from './pictures.ts';
import { atRest } from './animations.ts';

test.use({ serverEnv: { OCR: 'off' } });

const STRIP = { width: 1080, height: 12_000 };
const stageOf = (page: Page) => page.locator('.viewer-image');
const boxOf = async (viewer: ViewerPage) =>
  (await viewer.picture.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
const topOf = async (viewer: ViewerPage) => Math.round((await boxOf(viewer)).y);

test('a tall picture opens as wide as fits; wheel and keys scroll it, 0 shows the whole and back', async ({
  signedIn: page,
}) => {
  await addFile(page, 'vanhempi.png', await plain(320, 200));
  const strip = await addFile(page, 'pitkä.png', await plain(STRIP.width, STRIP.height));
  const viewer = new ViewerPage(page);
  await new HomePage(page).open();
  await page.getByRole('main').getByRole('listitem').first().getByRole('link').click();
  await expect(viewer.picture).toBeVisible();
  await atRest(page);
  const stage = (await stageOf(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const width = async () => Math.round((await boxOf(viewer)).width);
  // The stage is narrower than the picture. A scrollbar may take some of it.
  expect(stage.width).toBeLessThan(STRIP.width);
  const wide = await width();
  expect(wide).toBeGreaterThan(stage.width - 30);
  expect(await topOf(viewer)).toBe(Math.round(stage.y));
  expect(await axeFindings(page)).toEqual([]);

  await page.mouse.move(stage.x + stage.width / 2, stage.y + stage.height / 2);
  await page.mouse.wheel(0, 500);
  await expect.poll(() => topOf(viewer)).toBe(Math.round(stage.y) - 500);
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => topOf(viewer)).toBe(Math.round(stage.y) - 420);
  await page.keyboard.press('End');
  const bottom = async () => Math.round((await boxOf(viewer)).y + (await boxOf(viewer)).height);
  await expect.poll(bottom).toBe(Math.round(stage.y + stage.height));
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  await expect.poll(() => topOf(viewer)).toBe(Math.round(stage.y - stage.height * 0.9));

  await page.keyboard.press('0');
  await expect.poll(async () => (await boxOf(viewer)).height).toBeLessThanOrEqual(stage.height);
  await page.keyboard.press('0');
  await expect.poll(width).toBe(wide);

  // A zoom starts from the scrolled view, and 0 leads back to it.
  await page.keyboard.press('+');
  await expect.poll(async () => Math.abs((await width()) - wide * 2)).toBeLessThanOrEqual(1);
  await page.keyboard.press('0');
  await expect.poll(width).toBe(wide);

  await page.keyboard.press('ArrowRight');
  await expect(viewer.title).toHaveText('vanhempi');
  expect(viewer.shownId()).not.toBe(strip.id);
});

test('a tall picture that is narrow is not enlarged, and a screenshot of a phone is shown whole', async ({
  signedIn: page,
}) => {
  const narrow = await addFile(page, 'kapea.png', await plain(200, 3000));
  const phone = await addFile(page, 'puhelin.png', await plain(1170, 2532));
  const viewer = new ViewerPage(page);
  await viewer.open(narrow.id);
  await expect(viewer.picture).toBeVisible();
  await atRest(page);
  expect((await boxOf(viewer)).width).toBe(200);
  await viewer.open(phone.id);
  await expect(viewer.picture).toBeVisible();
  await atRest(page);
  const stage = await stageOf(page).boundingBox();
  expect((await boxOf(viewer)).height).toBeLessThanOrEqual(stage?.height ?? 0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a finger scrolls a tall picture and swipes to the next', async ({ signedIn: page }) => {
    await addFile(page, 'vanhempi.png', await plain(320, 200));
    await addFile(page, 'pitkä.png', await plain(STRIP.width, STRIP.height));
    const viewer = new ViewerPage(page);
    await new HomePage(page).open();
    await page.getByRole('main').getByRole('listitem').first().getByRole('link').tap();
    await expect(viewer.picture).toBeVisible();
    await atRest(page);
    expect((await boxOf(viewer)).width).toBe(390);
    const before = await topOf(viewer);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Input.synthesizeScrollGesture', { x: 195, y: 250, yDistance: -200 });
    await expect.poll(() => topOf(viewer)).toBeLessThan(before - 100);
    await expect(viewer.title).toHaveText('pitkä');
    await cdp.send('Input.synthesizeScrollGesture', { x: 195, y: 150, yDistance: 150 });
    await expect(viewer.dialog).toBeVisible();

    const points = (x: number) => [{ x, y: 200, id: 0 }];
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points(300) });
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: points(200) });
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: points(100) });
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect(viewer.title).toHaveText('vanhempi');
  });
});
