import { createRoot, createSignal } from 'solid-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MediaListItem } from '../../../app/media/media.schema.ts';
import { createGrid } from '../../../client/grid/grid.model.ts';
import { createScrollRestoration } from '../../../client/grid/scroll-restoration.ts';
import { saveScrollPosition, savedScrollPosition } from '../../../client/grid/scroll-position.ts';
import { idOf, listItem } from '../support/items.ts';

/** Distance of the list from the top of the document, pixels. */
const ABOVE = 120;

let scrollY: number;
let page: EventTarget;
const some = (from: number, count: number) => Array.from({ length: count }, (_, i) => listItem(from + i));

beforeEach(() => {
  vi.useFakeTimers();
  scrollY = 0;
  page = new EventTarget();
  const entry: { state: unknown } = { state: null };
  vi.stubGlobal('window', {
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
    get scrollY() {
      return scrollY;
    },
    scrollBy: ({ top }: { top: number }) => (scrollY += top),
  });
  vi.stubGlobal('history', {
    get state() {
      return entry.state;
    },
    replaceState: (state: unknown) => (entry.state = state),
  });
  vi.stubGlobal('requestAnimationFrame', (next: () => void) => setTimeout(next, 16));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/**
 * Makes a library of `loaded` pictures on a screen of 1200 × 800. Pages of 30 can be loaded up to
 * `all`.
 */
function setUp(loaded: number, all = loaded) {
  return createRoot((dispose) => {
    const [items, setItems] = createSignal<readonly MediaListItem[]>(some(0, loaded));
    // Acts as a query observer: every change gives another object.
    const [list, setList] = createSignal({ isPlaceholderData: false });
    const [q, setQ] = createSignal('');
    // The real viewport follows one frame late. Here it never follows, and the final position must
    // not depend on it.
    const viewport = () => ({ top: scrollY === 0 ? 0 : scrollY - ABOVE, height: 800, width: 1200, line: 20 });
    const grid = createGrid(items, viewport);
    const folder = {
      items,
      q,
      list,
      async loadNext() {
        if (items().length >= all) return false;
        await new Promise((loadedNow) => setTimeout(loadedNow, 50));
        setItems(some(0, Math.min(all, items().length + 30)));
        return true;
      },
    };
    const top = () => ABOVE - scrollY;
    const rect = () => ({ x: 0, y: top(), top: top(), bottom: 0, left: 0, right: 0, width: 0, height: 0 });
    const element = { getBoundingClientRect: () => ({ ...rect(), toJSON: rect }) };
    const keeping = createScrollRestoration({ list: element, library: folder, grid, viewport });
    return { keeping, grid, items, setItems, setList, setQ, dispose };
  });
}
const scrollTo = (top: number) => {
  scrollY = top;
  page.dispatchEvent(new Event('scroll'));
};

describe('place keeping', () => {
  it('keeps the place when scrolling rests, beside what else the step of the history holds', () => {
    history.replaceState({ router: 1 }, '');
    const { dispose } = setUp(90);
    scrollTo(1500);
    vi.advanceTimersByTime(300);
    expect(savedScrollPosition()).toBeNull();
    vi.advanceTimersByTime(200);
    expect(savedScrollPosition()).toMatchObject({ count: 90 });
    expect(history.state).toMatchObject({ router: 1 });
    scrollTo(0);
    vi.advanceTimersByTime(500);
    expect(savedScrollPosition()).toBeNull();
    dispose();
  });

  it('finds it again to the pixel, loading as many as had been', async () => {
    const before = setUp(150);
    scrollTo(3456);
    before.keeping.save();
    before.dispose();
    scrollY = 210; // the browser stops here: the page is still short
    const after = setUp(30, 300);
    await vi.advanceTimersByTimeAsync(1000);
    expect(after.items().length).toBeGreaterThanOrEqual(120);
    expect(after.items().length).toBeLessThanOrEqual(150);
    expect(scrollY).toBe(3456);
    after.dispose();
  });

  it('loads a screen more than the picture, or the page could not be scrolled so far', async () => {
    saveScrollPosition({ id: idOf(59), offset: 0, count: 120 });
    const { grid, items, dispose } = setUp(30, 300);
    await vi.advanceTimersByTimeAsync(1000);
    expect(items().length).toBe(90);
    expect(grid.height()).toBeGreaterThan((grid.box(idOf(59))?.y ?? 0) + 800);
    dispose();
  });

  it('is near it when the picture itself is gone', async () => {
    const before = setUp(90);
    scrollTo(2000);
    before.keeping.save();
    const { id } = savedScrollPosition() ?? { id: '' };
    before.dispose();
    scrollY = 0;
    const after = setUp(90);
    after.setItems((all) => all.filter((each) => each.id !== id));
    await vi.advanceTimersByTimeAsync(1000);
    expect(scrollY).toBeGreaterThan(1000);
    after.dispose();
  });

  it('leaves whoever begins to scroll meanwhile alone', async () => {
    saveScrollPosition({ id: idOf(140), offset: 0, count: 150 });
    const { dispose } = setUp(30, 300);
    await vi.advanceTimersByTimeAsync(60);
    page.dispatchEvent(new Event('wheel'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(scrollY).toBe(0);
    dispose();
  });

  it('lets one scroll on when the next page comes', async () => {
    const { setList, setItems, dispose } = setUp(150);
    await vi.advanceTimersByTimeAsync(100);
    scrollTo(1500);
    await vi.advanceTimersByTimeAsync(500);
    expect(savedScrollPosition()).not.toBeNull();
    scrollTo(3456);
    setItems(some(0, 180));
    setList({ isPlaceholderData: false });
    await vi.advanceTimersByTimeAsync(300);
    expect(scrollY).toBe(3456);
    dispose();
  });

  it('finds the place in another list only once that has come', async () => {
    const { setList, setQ, dispose } = setUp(150);
    await vi.advanceTimersByTimeAsync(100);
    setList({ isPlaceholderData: true });
    setQ('koira');
    saveScrollPosition({ id: idOf(100), offset: 40, count: 150 });
    await vi.advanceTimersByTimeAsync(100);
    expect(scrollY).toBe(0);
    setList({ isPlaceholderData: false });
    await vi.advanceTimersByTimeAsync(100);
    expect(scrollY).toBeGreaterThan(1000);
    dispose();
  });

  it('does not take a page on its way for a place to keep', async () => {
    saveScrollPosition({ id: idOf(100), offset: 0, count: 150 });
    const { keeping, dispose } = setUp(30, 300);
    await vi.advanceTimersByTimeAsync(60);
    keeping.save();
    expect(savedScrollPosition()).toMatchObject({ id: idOf(100) });
    dispose();
  });

  it('does not believe what another program wrote into the history', () => {
    for (const place of [null, 'x', {}, { id: 1, offset: 0, count: 0 }, { id: 'a', offset: '0', count: 0 }]) {
      history.replaceState({ place }, '');
      expect(savedScrollPosition()).toBeNull();
    }
  });
});
