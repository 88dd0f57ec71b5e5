import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright/test';
import sharp from 'sharp';
import { mediaItem, type MediaItem } from '../../app/media/media.schema.ts';

const origin = (page: Page) => ({ origin: new URL(page.url()).origin });

/** Uploads a file as the user of this page, by a request instead of the page. */
export async function addFile(page: Page, name: string, file: Blob | Buffer): Promise<MediaItem> {
  const buffer = file instanceof Blob ? Buffer.from(await file.arrayBuffer()) : file;
  const response = await page.request.post('/api/media', {
    headers: origin(page),
    multipart: { file: { name, mimeType: 'application/octet-stream', buffer } },
  });
  if (response.status() !== 201) throw new Error(await response.text());
  return mediaItem.parse(await response.json());
}

export async function getItem(page: Page, id: string): Promise<MediaItem> {
  return mediaItem.parse(await (await page.request.get(`/api/media/${id}`)).json());
}

export async function patchItem(page: Page, id: string, data: Record<string, string>): Promise<void> {
  const response = await page.request.patch(`/api/media/${id}`, { headers: origin(page), data });
  if (!response.ok()) throw new Error(await response.text());
}

/** Reads and decodes the picture on the clipboard. An incomplete PNG throws. */
export async function clipboardPicture(page: Page) {
  const base64 = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const png = await item?.getType('image/png');
    const bytes = new Uint8Array((await png?.arrayBuffer()) ?? new ArrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
  const bytes = Buffer.from(base64, 'base64');
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { signature: bytes.subarray(0, 8).toString('hex'), width: info.width, height: info.height, data };
}

export const contentOf = async (download: Download) => readFile(await download.path());
