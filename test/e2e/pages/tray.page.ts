import type { Locator, Page } from 'playwright/test';

/** The list of pending uploads, as a user sees it. */
export class TrayPage {
  readonly page: Page;
  readonly region: Locator;
  readonly headline: Locator;
  readonly rows: Locator;
  /** The pictures of the library behind it. */
  readonly pictures: Locator;

  constructor(page: Page) {
    this.page = page;
    this.region = page.getByRole('region', { name: 'Uploads' });
    this.headline = this.region.getByRole('status');
    this.rows = this.region.locator('.tray-row');
    this.pictures = page.getByRole('main').getByRole('listitem').getByRole('link').locator('img');
  }

  row(name: string): Locator {
    return this.rows.filter({ hasText: name });
  }

  button(name: string | RegExp): Locator {
    return this.region.getByRole('button', { name });
  }

  /** Chooses files, as in the system's picker. */
  async pick(files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
    await this.page.locator('input[type=file]').first().setInputFiles(files);
  }

  /** Gives files to the page in an event: `drop` on it, or `paste` into it. */
  async hand(how: 'drop' | 'paste', files: { name: string; buffer: Buffer }[]): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      (given) => {
        const data = new DataTransfer();
        for (const { name, base64 } of given) {
          const content = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
          data.items.add(new File([content], name, { type: 'image/png' }));
        }
        return data;
      },
      files.map(({ name, buffer }) => ({ name, base64: buffer.toString('base64') })),
    );
    if (how === 'drop') {
      for (const type of ['dragenter', 'dragover', 'drop'])
        await this.page.dispatchEvent('body', type, { dataTransfer: transfer });
    } else {
      await transfer.evaluate((clipboardData) => {
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
      });
    }
  }
}
