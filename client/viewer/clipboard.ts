import { errorFrom, toApiError } from '../api/errors.ts';

/** Whether this browser lets a page put pictures on the clipboard. */
export const canCopyImage = (): boolean =>
  'ClipboardItem' in globalThis && navigator.clipboard?.write !== undefined;

/**
 * Puts the picture of an item on the clipboard as PNG, the one kind every program takes: of an animation its first frame,
 * of a video its still, none larger than 1024 px. The server makes it: it reads the file wherever it lies, and a phone
 * need not decode a hundred megapixels.
 *
 * @throws {ApiError} when there is no picture; a DOMException when the browser does not allow it
 */
export async function copyImage(id: string): Promise<void> {
  const png = clipboardPng(id);
  // The promise goes in unresolved: Safari allows writing only in the very moment of the click.
  await navigator.clipboard
    .write([new ClipboardItem({ 'image/png': png })])
    .catch(async (refused: unknown) => {
      await png; // what the server said is the better reason
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
