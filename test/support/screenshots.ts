import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from 'playwright';
import sharp from 'sharp';
import { pageAtRest, requestsAtRest } from '../e2e/animations.ts';
import { drawMeme } from './media/memes.ts';
import { findChromium } from './provision.ts';
import { startServer } from './servers/server.ts';

/**
 * `npm run screenshots` makes the pictures in docs/ from the real app with drawn memes. It takes
 * the home page, a search and a picture: light, dark and on a phone.
 */

const DOCS = join(import.meta.dirname, '../../docs');
/** Size limit of a picture, bytes: users read a README on phones too. */
const MOST_BYTES = 250_000;
/** Drawn memes: a scene and its caption. */
const MEMES = [
  ['bed', 'KUN HERÄÄT', 'JA ON MAANANTAI'],
  ['tabs', 'ONE DOES NOT SIMPLY', 'CLOSE THE TAB'],
  ['coffee', 'ENSIN KAHVI', 'SITTEN SANAT'],
  ['bugs', 'I FIXED ONE BUG', 'NOW THERE ARE TWO'],
  ['plate', 'KISSA KATSOO', 'KUN SYÖT'],
  ['rocket', 'DEPLOY ON FRIDAY', 'WHAT COULD GO WRONG'],
  ['sauna', 'LÖYLYÄ LISÄÄ', 'SANOI JOKU'],
  ['snowman', 'THIS IS FINE', ''],
  ['cabin', 'MÖKILLÄ', 'EI OLE VERKKOA'],
  ['camp', 'COFFEE FIRST', 'THEN ADVENTURES'],
  ['crumbs', 'KUKA SÖI', 'VIIMEISEN PULLAN'],
  ['works', 'IT WORKS', 'ON MY MACHINE'],
  ['sun', 'AURINKO PAISTAA', 'VIISI MINUUTTIA'],
  ['owl', 'ONE MORE EPISODE', 'HE SAID AT 2 AM'],
  ['shorts', 'PAKKASTA', 'MUTTA SHORTSIT'],
  ['desert', 'NO BUGS FOUND', 'NO TESTS RUN'],
  ['bonfire', 'JUHANNUS', 'JA SADETTA'],
  ['dog', 'HELLO', 'IS IT FRIDAY YET'],
  ['bus', 'BUSSI TULI', 'JA MENI'],
  ['bookcat', 'TRUST ME', 'I READ THE DOCS'],
] as const;

/** Tags of some pictures, by their index. */
const TAGS = new Map([
  [0, ['maanantai']],
  [2, ['aamu', 'kahvi']],
  [4, ['kissa']],
  [5, ['työ']],
  [9, ['aamu', 'kahvi']],
  [11, ['työ']],
]);

async function fill(page: Page, url: string): Promise<void> {
  const headers = { origin: url };
  await page.request.post(`${url}/api/auth/register`, {
    headers,
    data: { username: 'Aino', password: 'correct horse battery' },
  });
  for (const [i, [scene, top, bottom]] of MEMES.entries()) {
    const buffer = await drawMeme(page.context(), top, bottom, i, scene);
    const file = { name: `IMG_${2041 + i}.jpg`, mimeType: 'image/jpeg', buffer };
    const response = await page.request.post(`${url}/api/media`, { headers, multipart: { file } });
    if (response.status() !== 201) throw new Error(await response.text());
    const { id } = await response.json();
    const tags = TAGS.get(i);
    if (tags) await page.request.put(`${url}/api/media/${id}/tags`, { headers, data: { tags } });
  }
  for (let left = MEMES.length; left > 0;) {
    const { items } = await (await page.request.get(`${url}/api/media?limit=100`)).json();
    left = items.filter((item: { state: string }) => item.state === 'processing').length;
    await sleep(500);
  }
}

/**
 * Takes a page, or its picture number `open`. Opens the picture with the mouse, which shows no
 * focus ring.
 */
async function shoot(page: Page, name: string, path: string, open?: number): Promise<void> {
  await page.goto(server.url + path);
  await requestsAtRest(page);
  if (open !== undefined) await page.locator('.tile > a').nth(open).click();
  await pageAtRest(page);
  // A page needs no more than 256 colours, and a palette makes it a quarter of the size.
  const { size } = await sharp(await page.screenshot())
    .png({ palette: true })
    .toFile(join(DOCS, name));
  if (size > MOST_BYTES) throw new Error(`${name} has ${size} bytes: too many for a README.`);
}

const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-docs-'));
const server = await startServer({ dataDir });
const browser = await chromium.launch({
  executablePath: findChromium() ?? undefined,
  args: ['--no-sandbox'],
  // Show scrollbars as users have them: the page reserves their space.
  ignoreDefaultArgs: ['--hide-scrollbars'],
});
try {
  await mkdir(DOCS, { recursive: true });
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await fill(page, server.url);
  await shoot(page, 'folder.png', '/');
  await shoot(page, 'search.png', '/?q=kahvi');
  await shoot(page, 'picture.png', '/?q=kahvi', 1);
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot(page, 'folder-dark.png', '/');

  const phone = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    storageState: await context.storageState(),
  });
  const small = await phone.newPage();
  await shoot(small, 'picture-phone.png', '/?q=kahvi', 1);
  await small.emulateMedia({ colorScheme: 'dark' });
  await shoot(small, 'folder-phone.png', '/');
} finally {
  await browser.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
