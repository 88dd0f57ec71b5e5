import type { Page } from 'playwright/test';
import { drawMeme } from '../support/media/memes.ts';
import { animation } from '../support/media/pictures.ts';
import { ffmpeg, VIDEO_MAKERS } from '../support/media/videos.ts';
import { axeFindings } from './axe.ts';
import { atRest } from './animations.ts';
import { expect, test } from './fixtures.ts';
import { addFile, getItem } from './items.ts';
import { ViewerPage } from './pages/viewer.page.ts';
import { plain } from './pictures.ts';
import { dragSlowly } from './touches.ts';

test.use({ serverEnv: { OCR: 'off' } });

async function findings(page: Page): Promise<string[]> {
  await atRest(page);
  return axeFindings(page, { within: 'dialog.viewer' });
}

/** Names of the actions in the row, the large one first. */
const actions = (viewer: ViewerPage) =>
  viewer.dialog.locator('.actions').evaluate((row) => ({
    large: [...row.querySelectorAll('.action-primary')].map(({ textContent }) => textContent),
    small: [...row.querySelectorAll('.action')].map(({ textContent }) => textContent),
  }));

test('the large action copies what the clipboard can hold, and Delete is the last one under More', async ({
  signedIn: page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const still = await addFile(page, 'kuva.png', await plain(300, 200));
  const moving = await addFile(page, 'tanssi.gif', await animation(3, 64));
  const viewer = new ViewerPage(page);
  await viewer.open(moving.id);
  expect(await actions(viewer)).toEqual({
    large: ['Copy link'],
    small: ['Copy still', 'Share', 'Download', 'More'],
  });
  await viewer.open(still.id);
  expect(await actions(viewer)).toEqual({
    large: ['Copy image'],
    small: ['Copy link', 'Share', 'Download', 'More'],
  });
  await viewer.button('Copy image').click();
  await expect(viewer.dialog.getByText('Image copied')).toBeVisible();

  // By keyboard: Tab from More walks the list, and Escape closes the list alone.
  const list = viewer.dialog.locator('.more-list').getByRole('button');
  await expect(viewer.button('Delete')).toHaveCount(0);
  await viewer.button('More').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(list.first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(viewer.button('Delete')).toHaveCount(0);
  await expect(viewer.button('More')).toBeFocused();
  await page.keyboard.press('Enter');
  for (let presses = await list.count(); presses > 0; presses--) await page.keyboard.press('Tab');
  await expect(viewer.button('Delete')).toBeFocused();
  await expect(list.last()).toHaveText('Delete');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await getItem(page, still.id)).deletedAt).not.toBeNull();
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.focus();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await getItem(page, still.id)).deletedAt).toBeNull();
});

for (const deviceScaleFactor of [1, 2]) {
  test.describe(`at ${deviceScaleFactor} pixels a point`, () => {
    test.use({ deviceScaleFactor });

    test('small pictures, videos and posters keep their size, and large ones some air', async ({
      signedIn: page,
    }) => {
      const viewer = new ViewerPage(page);
      const frame = viewer.dialog.locator('.viewer-image-frame');
      const size = async () => {
        await atRest(page);
        const { width, height } = (await frame.boundingBox()) ?? { width: 0, height: 0 };
        return [Math.round(width), Math.round(height)];
      };
      await viewer.open((await addFile(page, 'pieni.png', await plain(120, 80))).id);
      expect(await size()).toEqual([120, 80]);

      const video = await addFile(page, 'pieni.mp4', VIDEO_MAKERS.mp4());
      await viewer.open(video.id);
      expect(await size()).toEqual([320, 180]);
      // The poster alone, while the browser cannot play the video.
      await expect.poll(async () => (await getItem(page, video.id)).state).toBe('ready');
      await page.route('**/api/files/*.mp4', (route) => route.fulfill({ status: 404, body: '' }));
      await page.reload();
      await expect(frame.locator('img')).toBeVisible();
      expect(await size()).toEqual([320, 180]);
      await page.unroute('**/api/files/*.mp4');

      // Too small for the controls: they get room, and the picture keeps its size in them.
      const tiny = ffmpeg(
        ['-f', 'lavfi', '-i', 'testsrc=s=96x64:r=10', '-t', '1', '-pix_fmt', 'yuv420p'],
        'mp4',
      );
      await viewer.open((await addFile(page, 'ihan-pieni.mp4', tiny)).id);
      await expect(viewer.video).toHaveCSS('object-fit', 'scale-down');
      expect(await size()).toEqual([240, 160]);

      await viewer.open((await addFile(page, 'iso.png', await plain(3000, 2000))).id);
      await atRest(page);
      const inner = await frame.boundingBox();
      const stage = await viewer.dialog.locator('.viewer-main').boundingBox();
      expect((inner?.x ?? 0) - (stage?.x ?? 0)).toBeCloseTo(24, 0);
      expect((stage?.width ?? 0) - (inner?.width ?? 0)).toBeCloseTo(48, 0);
    });
  });
}

test('the details fold away and stay folded, on a dark stage in both themes', async ({ signedIn: page }) => {
  const first = await addFile(page, 'eka.png', await plain(300, 200));
  const second = await addFile(page, 'toka.png', await plain(300, 200));
  const viewer = new ViewerPage(page);
  await viewer.open(first.id);
  const fold = viewer.button('Details');
  await expect(fold).toHaveAttribute('aria-expanded', 'true');
  await fold.click();
  await expect(viewer.title).toBeHidden();
  await expect(fold).toHaveAttribute('aria-expanded', 'false');
  await page.goto(`/m/${second.id}`);
  await expect(viewer.picture).toBeVisible();
  await expect(viewer.title).toBeHidden();
  await expect(viewer.button('Copy image')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(viewer.dialog.locator('.viewer-main')).toHaveCSS('background-color', 'oklch(0.17 0 0)');
  }
  await page.keyboard.press('i');
  await expect(viewer.title).toBeVisible();
});

for (const locale of ['en-GB', 'fi-FI']) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });

    test('axe finds nothing in the viewer, with its details shown and folded', async ({
      signedIn: page,
      context,
    }) => {
      const item = await addFile(page, 'kahvi.jpg', await drawMeme(context, 'ENSIN KAHVI', '', 1));
      const viewer = new ViewerPage(page);
      await viewer.open(item.id);
      await viewer.dialog.locator('.more > button').click();
      expect(await findings(page), 'shown').toEqual([]);
      await page.keyboard.press('i');
      expect(await findings(page), 'folded').toEqual([]);
    });
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });

  test('the picture fills the width, the large action shares, and nothing zooms but fingers', async ({
    signedIn: page,
  }) => {
    const item = await addFile(page, 'iso.png', await plain(900, 600));
    const viewer = new ViewerPage(page);
    await viewer.open(item.id);
    await atRest(page);
    expect(await viewer.picture.boundingBox()).toMatchObject({ x: 0, width: 390 });
    expect(await actions(viewer)).toEqual({ large: ['Share'], small: ['Copy image', 'Download', 'More'] });
    await expect(viewer.button(/Zoom/)).toHaveCount(0);
    // Within reach: the lower fifth of the screen.
    for (const action of await viewer.dialog.locator('.actions').getByRole('button').all())
      expect((await action.boundingBox())?.y).toBeGreaterThan(844 * 0.8);
    await viewer.button('More').tap();
    await expect(viewer.button('Copy link')).toBeVisible();
    await viewer.button('Delete').tap();
    await expect.poll(async () => (await getItem(page, item.id)).deletedAt).not.toBeNull();
  });

  test('the details are a sheet: a finger, a press and the keys pull it', async ({ signedIn: page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const older = await addFile(page, 'vanha.png', await plain(900, 600));
    const item = await addFile(page, 'uusi.png', await plain(900, 600));
    const viewer = new ViewerPage(page);
    await viewer.open(item.id);
    const handle = viewer.button('Details');
    const sheet = (state: string) => expect(viewer.dialog).toHaveAttribute('data-sheet', state);
    const top = async () => {
      await atRest(page);
      return (await viewer.dialog.locator('.viewer-sheet').boundingBox())?.y ?? 0;
    };
    // Closed, only the name shows, and Tab does not come to the details.
    await sheet('closed');
    await expect(viewer.title).toBeVisible();
    await expect(handle).toHaveAttribute('aria-expanded', 'false');
    await expect(viewer.button('Edit the title')).toHaveCount(0);
    await handle.focus();
    await page.keyboard.press('Tab');
    await expect(viewer.button('Share')).toBeFocused();

    const drag = async (to: number) => {
      const from = (await top()) + 10;
      const at = (part: number) => ({ x: 195, y: from + (to - from) * part });
      await dragSlowly(page, at(0), at(0.3), at(0.7), at(1));
    };
    await drag(420);
    await sheet('half');
    await expect(viewer.button('Edit the title')).toBeVisible();
    // The picture stays in sight above it.
    const half = await top();
    const picture = await viewer.picture.boundingBox();
    expect((picture?.y ?? 0) + (picture?.height ?? 0)).toBeLessThanOrEqual(half);
    await drag(70);
    await sheet('full');
    expect(await top()).toBeLessThan(half);
    await drag(800);
    await sheet('closed');
    // A key is a press, also after a drag.
    await handle.press('Enter');
    await sheet('half');
    await handle.press('ArrowDown');
    await sheet('closed');

    await expect(viewer.button('Next')).toBeVisible();
    // Presses and keys; the state stays from item to item, and a swipe is still one.
    await handle.tap();
    await sheet('half');
    // Slowly: Chromium takes no tap while the fling of a quick swipe goes on.
    await dragSlowly(page, { x: 300, y: 200 }, { x: 200, y: 202 }, { x: 80, y: 204 });
    await expect(viewer.title).toHaveText('vanha');
    expect(viewer.shownId()).toBe(older.id);
    await sheet('half');
    await handle.tap();
    await sheet('full');
    await handle.tap();
    await sheet('closed');
    await handle.focus();
    for (const state of ['half', 'full', 'full']) {
      await page.keyboard.press('ArrowUp');
      await sheet(state);
    }
    for (const state of ['half', 'closed', 'closed']) {
      await page.keyboard.press('ArrowDown');
      await sheet(state);
    }
    await page.keyboard.press('i');
    await sheet('half');
    await expect(handle).toHaveAttribute('aria-expanded', 'true');
  });

  for (const locale of ['en-GB', 'fi-FI']) {
    test.describe(`in ${locale}`, () => {
      test.use({ locale });

      test('axe finds nothing in the sheet, and the actions fit', async ({ signedIn: page }) => {
        const item = await addFile(page, 'tanssi.gif', await animation(3, 64));
        const viewer = new ViewerPage(page);
        await viewer.open(item.id);
        for (const state of ['closed', 'half', 'full']) {
          await expect(viewer.dialog).toHaveAttribute('data-sheet', state);
          expect(await findings(page), state).toEqual([]);
          await viewer.dialog.locator('.sheet-handle').press('ArrowUp');
        }
        for (const [width, height] of [
          [320, 568],
          [844, 390],
          [568, 320],
        ] as const) {
          await page.setViewportSize({ width, height });
          await atRest(page);
          const cut = await viewer.dialog.locator('.actions').evaluate((row) => {
            const frame = row.getBoundingClientRect();
            const all = [...row.querySelectorAll('.action, .action-primary')].filter((action) => {
              const { left, right, top, bottom } = action.getBoundingClientRect();
              const outside =
                left < frame.left || right > frame.right || top < frame.top || bottom > frame.bottom;
              return outside || action.scrollWidth > action.clientWidth;
            });
            return all.map(({ textContent }) => textContent);
          });
          expect(cut, `${width} × ${height}`).toEqual([]);
        }
      });
    });
  }

  test.describe('on its side', () => {
    test.use({ viewport: { width: 844, height: 390 } });

    test('the actions stand at the edge, and the details open beside them', async ({ signedIn: page }) => {
      const item = await addFile(page, 'iso.png', await plain(900, 600));
      const viewer = new ViewerPage(page);
      await page.goto(`/m/${item.id}`);
      await expect(viewer.picture).toBeVisible();
      await atRest(page);
      await expect(viewer.title).toBeHidden();
      expect((await viewer.picture.boundingBox())?.height).toBe(390);
      const share = await viewer.button('Share').boundingBox();
      expect(share?.x).toBeGreaterThan(700);
      await viewer.button('Details').tap();
      await expect(viewer.title).toBeVisible();
      await atRest(page);
      expect((await viewer.picture.boundingBox())?.height).toBeLessThanOrEqual(390);
      expect(await findings(page)).toEqual([]);
    });
  });
});
