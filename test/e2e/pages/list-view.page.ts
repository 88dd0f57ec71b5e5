import type { Locator, Page } from 'playwright/test';

/** The menu for the order of the list and the size of its tiles, in English. */
export class ListViewMenu {
  readonly button: Locator;
  readonly menu: Locator;

  constructor(page: Page) {
    this.button = page.locator('.list-view');
    this.menu = page.locator('.list-menu');
  }

  async open(): Promise<void> {
    await this.button.click();
    await this.menu.getByRole('checkbox').first().waitFor();
  }

  /** Chooses an order or a size, and closes the menu. */
  async choose(option: string): Promise<void> {
    await this.open();
    await this.menu.getByRole('radio', { name: option, exact: true }).check({ force: true });
    await this.button.click();
  }
}
