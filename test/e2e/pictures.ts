import type { Page } from 'playwright/test';
import sharp from 'sharp';

/** Draws a picture with words in the browser. OCR reads them; nobody typed them into a database. */
export async function drawPicture(page: Page, lines: readonly string[]): Promise<Buffer> {
  const canvas = await page.context().newPage();
  await canvas.setContent(
    `<body style="margin:0;width:800px;height:400px;background:#fff;font:64px sans-serif;color:#111">
      ${lines.map((line) => `<p style="margin:40px">${line}</p>`).join('')}</body>`,
  );
  const png = await canvas.screenshot({ clip: { x: 0, y: 0, width: 800, height: 400 } });
  await canvas.close();
  return png;
}

let plains = 0;

/** Draws a picture of one unique colour: large and quick to decode. */
export function plain(width: number, height: number): Promise<Buffer> {
  const background = { r: (plains += 3) % 256, g: 90, b: 200 - (plains % 200) };
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** Drops a file on the page as a user does, with a DataTransfer. */
export async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([base64, fileName]) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      data.items.add(new File([content], fileName, { type: 'image/png' }));
      return data;
    },
    [bytes.toString('base64'), name] as const,
  );
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent('body', type, { dataTransfer: transfer });
  }
}
