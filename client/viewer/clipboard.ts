import { errorFrom, toApiError } from '../api/errors.ts';

/** Whether the browser can write images to the clipboard. */
export const canCopyImage = (): boolean =>
  'ClipboardItem' in globalThis && navigator.clipboard?.write !== undefined;

/**
 * Copies an item's image to the clipboard as PNG, which every program accepts. An animation gives
 * its first frame, a video its poster; the maximum is 1024 px. The server renders it, so that a
 * phone need not decode a hundred megapixels, wherever the file is stored.
 *
 * @throws {ApiError} if there is no image; a DOMException if the browser refuses
 */
export async function copyImage(id: string): Promise<void> {
  const png = clipboardPng(id);
  // Passes the pending promise: Safari only allows the call during the click.
  await navigator.clipboard
    .write([new ClipboardItem({ 'image/png': png })])
    .catch(async (refused: unknown) => {
      await png; // prefers the server's reason
      throw refused;
    });
}

async function clipboardPng(id: string): Promise<Blob> {
  const response = await fetch(`/api/media/${id}/clipboard`).catch((thrown: unknown) => {
    throw toApiError(thrown);
  });
  if (!response.ok) throw errorFrom(response.status, await response.text());
  return response.blob();
}
