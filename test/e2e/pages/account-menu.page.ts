import type { Locator, Page } from 'playwright/test';

/** The menu behind the user's initial, in English. */
export class AccountMenu {
  readonly button: Locator;
  readonly menu: Locator;

  constructor(page: Page) {
    this.button = page.getByRole('button', { name: 'Account' });
    this.menu = page.getByRole('group', { name: 'Account' });
  }

  async open(): Promise<void> {
    await this.button.click();
    await this.menu.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  async signOut(): Promise<void> {
    await this.open();
    await this.menu.getByRole('button', { name: 'Sign out' }).click();
  }

  choose(option: string): Promise<void> {
    return this.menu.getByRole('radio', { name: option }).check({ force: true });
  }
}
