import type { Locator, Page } from 'playwright/test';

/** The way in: signing in, and making the first account. */
export class SignInPage {
  readonly page: Page;
  readonly form: Locator;
  readonly username: Locator;
  readonly password: Locator;
  readonly submit: Locator;

  constructor(page: Page) {
    this.page = page;
    this.form = page.locator('form').filter({ has: page.locator('input[autocomplete=username]') });
    this.username = this.form.locator('input[autocomplete=username]');
    this.password = this.form.locator('input[autocomplete$=password]');
    this.submit = this.form.locator('button[type=submit]');
  }

  async fill(username: string, password: string): Promise<void> {
    await this.username.fill(username);
    await this.password.fill(password);
    await this.submit.click();
  }
}
