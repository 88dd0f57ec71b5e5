import type { Locator, Page } from 'playwright/test';

/** The sign-in page: sign-in, and creation of the first account. */
export class SignInPage {
  readonly page: Page;
  readonly form: Locator;
  readonly username: Locator;
  readonly password: Locator;
  readonly submit: Locator;
  /** The dialog that asks to sign in again, in English. */
  readonly again: Locator;

  constructor(page: Page) {
    this.page = page;
    this.form = page.locator('form').filter({ has: page.locator('input[autocomplete^=username]') });
    this.username = this.form.locator('input[autocomplete^=username]');
    this.password = this.form.locator('input[autocomplete$=password]');
    this.submit = this.form.locator('button[type=submit]');
    this.again = page.getByRole('dialog', { name: 'Sign in to continue' });
  }

  async fill(username: string, password: string): Promise<void> {
    await this.username.fill(username);
    await this.password.fill(password);
    await this.submit.click();
  }

  /** Signs in in the dialog over the page, and waits until the page is usable again. */
  async enterAgain(username: string, password: string): Promise<void> {
    await this.again.getByLabel('Username').fill(username);
    await this.again.getByLabel('Password', { exact: true }).fill(password);
    await this.again.getByRole('button', { name: 'Sign in' }).click();
    await this.again.waitFor({ state: 'detached' });
  }
}
