import { ApiError } from '../api/errors.ts';

/** Whether this browser lets a page put pictures on the clipboard. */
export const canCopyImage = (): boolean =>
  'ClipboardItem' in globalThis && navigator.clipboard?.write !== undefined;

/**
 * Puts the picture at an address on the clipboard as PNG, the one kind every program takes. The promise goes into the
 * clipboard item unresolved: Safari allows writing only in the very moment of the click.
 */
export async function copyImage(url: string): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': toPng(url) })]);
}

async function toPng(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new ApiError('not_found');
  const bitmap = await createImageBitmap(await response.blob());
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((png) => (png ? resolve(png) : reject(new ApiError('unknown'))), 'image/png');
  });
}
