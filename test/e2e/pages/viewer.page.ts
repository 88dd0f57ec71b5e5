import type { Locator, Page } from 'playwright/test';

/** The viewer over the home page. Finds elements by role and name, as a user does. */
export class ViewerPage {
  readonly page: Page;
  readonly dialog: Locator;
  readonly title: Locator;
  readonly picture: Locator;
  readonly video: Locator;
  readonly words: Locator;
  readonly tags: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.locator('dialog.viewer');
    this.title = this.dialog.getByRole('heading', { level: 2 });
    this.picture = this.dialog.locator('.viewer-image-frame img[data-loaded]');
    this.video = this.dialog.locator('video');
    this.words = this.dialog.getByRole('region', { name: 'Text in the picture' });
    this.tags = this.dialog.getByRole('region', { name: 'Tags' });
  }

  /** Opens an item by its URL. */
  async open(id: string): Promise<void> {
    await this.page.goto(`/m/${id}`);
    await this.title.waitFor();
  }

  button(name: string | RegExp): Locator {
    return this.dialog.getByRole('button', { name });
  }

  /** Deletes the shown item. Its action is the last one of the list of rare ones. */
  async delete(): Promise<void> {
    await this.button('More').click();
    await this.button('Delete').click();
  }

  /**
   * Presses a key and records what the viewer shows after each frame and task. Ends when the
   * picture and its title belong together again.
   */
  seenWhile(key: string): Promise<{ picture: string; heading: string; inert: boolean }[]> {
    return this.dialog.evaluate(async (dialog, pressed) => {
      const look = () => ({
        picture:
          dialog.querySelector('.viewer-image-frame img:not(.viewer-image-thumb)')?.getAttribute('alt') ?? '',
        heading: dialog.querySelector('.details h2')?.textContent?.trim() ?? '',
        inert: dialog.querySelector('.details[inert]') !== null,
      });
      const start = look();
      const seen = [start];
      const note = () => {
        const now = look();
        if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now);
      };
      const observer = new MutationObserver(note);
      observer.observe(dialog, { subtree: true, childList: true, attributes: true, characterData: true });
      document.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true }));
      const settled = (now = seen.at(-1)) =>
        now && now.picture !== start.picture && now.picture === now.heading && !now.inert;
      while (!settled()) await new Promise((next) => setTimeout(next, 20));
      observer.disconnect();
      return seen;
    }, key);
  }

  /** Returns the id of the shown item, from the URL. */
  shownId(): string {
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? '';
  }

  async close(): Promise<void> {
    await this.button('Close').click();
    await this.dialog.waitFor({ state: 'detached' });
  }
}
