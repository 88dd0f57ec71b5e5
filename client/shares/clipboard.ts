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
export const copyImage = (id: string): Promise<void> => write('image/png', clipboardPng(id));

/**
 * Copies a text that is still being fetched. The call must run during the user's gesture.
 *
 * @throws the reason of `text` if it fails; a DOMException if the browser refuses
 */
export async function copyText(text: Promise<string>): Promise<void> {
  if (canCopyImage())
    return write(
      'text/plain',
      text.then((words) => new Blob([words], { type: 'text/plain' })),
    );
  const words = await text;
  // Browsers offer no clipboard to pages without TLS.
  if (navigator.clipboard === undefined) throw new DOMException('no clipboard', 'NotAllowedError');
  await navigator.clipboard.writeText(words);
}

/** Writes pending content. Safari only allows the call during the gesture, before it is there. */
async function write(type: string, content: Promise<Blob>): Promise<void> {
  await navigator.clipboard
    .write([new ClipboardItem({ [type]: content })])
    .catch(async (refused: unknown) => {
      await content; // prefers the reason why there is no content
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
