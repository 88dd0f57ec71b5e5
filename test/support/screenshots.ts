import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import sharp from 'sharp';
import { drawMeme } from './memes.ts';
import { findChromium } from './provision.ts';
import { startServer } from './server.ts';

/**
 * `npm run screenshots` makes the pictures in docs/ from the real app with memes it draws itself: the folder with a search,
 * light and dark, and on a phone.
 */

const DOCS = join(import.meta.dirname, '../../docs');
const CAPTIONS = [
  ['KUN HERÄÄT', 'JA ON MAANANTAI'],
  ['ONE DOES NOT SIMPLY', 'CLOSE THE TAB'],
  ['ENSIN KAHVI', 'SITTEN SANAT'],
  ['I FIXED ONE BUG', 'NOW THERE ARE TWO'],
  ['KISSA KATSOO', 'KUN SYÖT'],
  ['DEPLOY ON FRIDAY', 'WHAT COULD GO WRONG'],
  ['LÖYLYÄ LISÄÄ', 'SANOI JOKU'],
  ['THIS IS FINE', ''],
  ['MÖKILLÄ', 'EI OLE VERKKOA'],
  ['COFFEE FIRST', 'THEN ADVENTURES'],
  ['KUKA SÖI', 'VIIMEISEN PULLAN'],
  ['IT WORKS', 'ON MY MACHINE'],
] as const;

async function fill(page: Page, url: string): Promise<void> {
  const headers = { origin: url };
  await page.request.post(`${url}/api/auth/register`, {
    headers,
    data: { username: 'Aino', password: 'correct horse battery' },
  });
  for (const [i, [top, bottom]] of CAPTIONS.entries()) {
    const buffer = await drawMeme(page.context(), top, bottom, i);
    const file = { name: `meme-${i}.jpg`, mimeType: 'image/jpeg', buffer };
    const response = await page.request.post(`${url}/api/media`, { headers, multipart: { file } });
    if (response.status() !== 201) throw new Error(await response.text());
  }
  for (let left = CAPTIONS.length; left > 0;) {
    const { items } = await (await page.request.get(`${url}/api/media?limit=100`)).json();
    left = items.filter((item: { state: string }) => item.state === 'processing').length;
    await page.waitForTimeout(500);
  }
}

const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-docs-'));
const server = await startServer({ dataDir });
const browser = await chromium.launch({
  executablePath: findChromium() ?? undefined,
  args: ['--no-sandbox'],
});
try {
  await mkdir(DOCS, { recursive: true });
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await fill(page, server.url);
  const shoot = async (name: string, path: string) => {
    await page.goto(server.url + path);
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(500);
    // 256 colours are plenty for a page and a quarter of the size.
    await sharp(await page.screenshot())
      .png({ palette: true })
      .toFile(join(DOCS, name));
  };
  await shoot('folder.png', '/');
  await shoot('search.png', '/?q=kahvi');
  await page.emulateMedia({ colorScheme: 'dark' });
  await shoot('folder-dark.png', '/');
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot('folder-phone.png', '/');
} finally {
  await browser.close();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
