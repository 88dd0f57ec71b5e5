import type { Locator, Page } from 'playwright/test';

/** The dialog that makes share links, and the lists of links, as a user sees them. */
export class SharePage {
  readonly page: Page;
  readonly dialog: Locator;
  readonly create: Locator;
  /** The message of the dialog about the last action. */
  readonly said: Locator;
  readonly links: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.locator('dialog.share-dialog');
    this.create = this.dialog.getByRole('button', { name: 'Create and copy the link' });
    this.said = this.dialog.locator('.share-said');
    this.links = this.dialog.getByRole('listitem');
  }

  /** The list of links on the account or admin page. */
  section = (name: string) => this.page.getByRole('region', { name });

  clipboard = () => this.page.evaluate(() => navigator.clipboard.readText());

  /** Chooses a lifetime in the dialog or in a row. */
  choose = (within: Locator, name: string) => within.getByRole('radio', { name }).check({ force: true });

  /** Creates a link in the open dialog. Returns its address from the clipboard. */
  async createLink(): Promise<string> {
    await this.page.evaluate(() => navigator.clipboard.writeText(''));
    await this.create.click();
    await this.said.getByText('Link copied').waitFor();
    return this.clipboard();
  }
}
