import type { Locator, Page } from 'playwright/test';

/** One picture over the folder, found by roles and names as a person finds things. */
export class OverlayPage {
  readonly page: Page;
  readonly dialog: Locator;
  readonly title: Locator;
  readonly picture: Locator;
  readonly film: Locator;
  readonly words: Locator;
  readonly tags: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.locator('dialog.overlay');
    this.title = this.dialog.getByRole('heading', { level: 2 });
    this.picture = this.dialog.locator('.stage-frame img[data-loaded]');
    this.film = this.dialog.locator('video');
    this.words = this.dialog.getByRole('region', { name: 'Text in the picture' });
    this.tags = this.dialog.getByRole('region', { name: 'Tags' });
  }

  /** Goes to a picture by its address. */
  async open(id: string): Promise<void> {
    await this.page.goto(`/m/${id}`);
    await this.title.waitFor();
  }

  button(name: string | RegExp): Locator {
    return this.dialog.getByRole('button', { name });
  }

  /** Which picture is shown, by the address. */
  shownId(): string {
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? '';
  }

  async close(): Promise<void> {
    await this.button('Close').click();
    await this.dialog.waitFor({ state: 'detached' });
  }
}
