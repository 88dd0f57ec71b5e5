import { expect, type Page } from 'playwright/test';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { scrollAtRest } from '../animations.ts';
import { picture } from '../../support/media/pictures.ts';

/** The pictures of the library as a user sees them, and the bulk actions. */
export class GridPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  tiles = () => this.page.getByRole('main').locator('.tile');
  links = () => this.tiles().getByRole('link');
  link = (index: number) => this.page.locator(`.tile[aria-posinset="${index + 1}"]`).getByRole('link');
  selected = () => this.page.getByRole('checkbox', { checked: true });
  bar = () => this.page.getByRole('toolbar', { name: 'Actions for the selection' });
  search = () => this.page.getByRole('combobox', { name: 'Search' });
  filters = () => this.page.getByRole('navigation', { name: 'Filters' });
  status = () => this.page.getByRole('main').getByRole('status').first();
  nodes = () => this.page.evaluate(() => document.querySelectorAll('*').length);
  scrollTop = () => this.page.evaluate(() => Math.round(window.scrollY));

  /** Adds pictures with these titles; the last one is the newest. */
  async add(url: string, titles: readonly string[], tags = ''): Promise<string[]> {
    const ids: string[] = [];
    for (const [i, title] of titles.entries()) {
      const blob = await picture('jpeg', { width: 600, height: 400 + (i % 4) * 150 });
      const response = await this.page.request.post(`${url}/api/media`, {
        headers: { origin: url },
        multipart: {
          title,
          tags,
          file: { name: 'kuva.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await blob.arrayBuffer()) },
        },
      });
      ids.push(mediaItem.parse(await response.json()).id);
    }
    return ids;
  }

  /**
   * Reads the scroll position that the page has saved in the history, as text. The page saves it
   * once scrolling rests.
   */
  keptPlace = () =>
    this.page.evaluate(() => {
      const state: unknown = history.state;
      const place: unknown = state && typeof state === 'object' ? Reflect.get(state, 'place') : null;
      return JSON.stringify(place ?? null);
    });

  /** Scrolls to `top` and waits until the page has saved the new position. */
  async restAt(top: number): Promise<void> {
    const before = await this.keptPlace();
    await this.page.evaluate((y) => window.scrollTo({ top: y }), top);
    await expect.poll(this.keptPlace).not.toBe(before);
  }

  /** Returns the list position of the last picture that exists as an element, counted from 1. */
  lastPosition = () =>
    this.page.evaluate(() =>
      Math.max(0, ...[...document.querySelectorAll('.tile')].map((tile) => Number(tile.ariaPosInSet))),
    );

  /**
   * Presses a tile with a finger, through the browser's input.
   * @returns a function that lifts the finger
   */
  async hold(index: number): Promise<() => Promise<void>> {
    const box = await this.link(index).boundingBox();
    if (!box) throw new Error('The tile is not there.');
    const cdp = await this.page.context().newCDPSession(this.page);
    const touchPoints = [{ x: box.x + 40, y: box.y + 60 }];
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
    return async () => {
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      await cdp.detach();
    };
  }

  /**
   * Scrolls through some pages without a rest.
   * @returns how far the page went back meanwhile, in CSS pixels
   */
  wayBack = () =>
    this.page.evaluate(async () => {
      let back = 0;
      for (let frame = 0; frame < 120; frame++) {
        window.scrollBy({ top: 80 });
        const before = window.scrollY;
        await new Promise((next) => requestAnimationFrame(next));
        back += Math.max(0, before - window.scrollY);
      }
      return back;
    });

  /** Scrolls until the end of the list shows. */
  scrollToEnd(visit: () => Promise<void> = async () => {}): Promise<void> {
    return this.scrollUntil(() => this.page.getByText(/^End of list/).isVisible(), visit);
  }

  /** Scrolls two screens at a time until a condition holds. */
  async scrollUntil(
    done: () => Promise<boolean>,
    visit: () => Promise<void> = async () => {},
  ): Promise<void> {
    for (let i = 0; i < 2000; i++) {
      await visit();
      if (await done()) return;
      await this.page.evaluate(() => window.scrollBy({ top: window.innerHeight * 2 }));
      await scrollAtRest(this.page);
    }
    throw new Error('The list has no end.');
  }
}
