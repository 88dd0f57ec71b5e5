import type { Locator, Page } from 'playwright/test';

/**
 * The home page as a user sees it. Finds elements by role and name, so that finding them is itself
 * a test.
 */
export class HomePage {
  readonly page: Page;
  readonly tiles: Locator;
  readonly pictures: Locator;
  readonly search: Locator;
  readonly dialog: Locator;
  readonly messages: Locator;
  readonly tray: Locator;

  constructor(page: Page) {
    this.page = page;
    this.tiles = page.getByRole('main').getByRole('listitem');
    this.pictures = this.tiles.getByRole('link').locator('img');
    this.search = page.getByRole('combobox', { name: 'Search' });
    this.dialog = page.getByRole('dialog');
    this.messages = page.getByRole('status', { name: 'Messages' });
    this.tray = page.getByRole('region', { name: 'Uploads' });
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(path);
    await this.search.waitFor();
  }

  /** Opens the picture at this list position. */
  async view(index = 0): Promise<Locator> {
    await this.pictures.nth(index).click();
    await this.dialog.waitFor();
    return this.dialog;
  }
}
