import { createRoot, createSignal } from 'solid-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSearchBox } from '../../../client/search/search-box.model.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Makes a search box over a URL that is a signal. */
function setUp(start = '') {
  return createRoot((dispose) => {
    const [q, setQ] = createSignal(start);
    const went: { q: string; replace: boolean }[] = [];
    const search = createSearchBox(q, (next, { replace }) => {
      went.push({ q: next, replace });
      setQ(next);
    });
    return { search, setQ, went, dispose };
  });
}

describe('createSearchBox', () => {
  it('shows at once what is typed and searches when typing rests', () => {
    const { search, went, dispose } = setUp();
    search.type('ko');
    vi.advanceTimersByTime(100);
    search.type('koo');
    vi.advanceTimersByTime(100);
    expect(search.typed()).toBe('koo');
    expect(went).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(went).toEqual([{ q: 'koo', replace: false }]);
    dispose();
  });

  it('makes one step in the history for a whole search', () => {
    const { search, went, dispose } = setUp();
    for (const text of ['a', 'ab', 'abc']) {
      search.type(text);
      vi.advanceTimersByTime(500);
    }
    expect(went.map(({ replace }) => replace)).toEqual([false, true, true]);
    dispose();
  });

  it('does not search for spaces, nor twice for the same', () => {
    const { search, went, dispose } = setUp();
    search.type('  ');
    vi.advanceTimersByTime(500);
    search.type('cat');
    vi.advanceTimersByTime(500);
    search.type('cat ');
    vi.advanceTimersByTime(500);
    expect(went.map(({ q }) => q)).toEqual(['cat']);
    expect(search.typed()).toBe('cat ');
    dispose();
  });

  it('follows an address that someone else changed, and drops what was being typed', () => {
    const { search, setQ, went, dispose } = setUp('cat');
    search.type('cats');
    setQ('');
    vi.advanceTimersByTime(500);
    expect(search.typed()).toBe('');
    expect(went).toEqual([]);
    dispose();
  });

  it('does not wait for Enter or for clearing', () => {
    const { search, went, dispose } = setUp();
    search.type('cat');
    search.submit();
    search.clear();
    expect(went).toEqual([
      { q: 'cat', replace: false },
      { q: '', replace: true },
    ]);
    dispose();
  });

  it('keeps the filters while words are typed, and shows only the words', () => {
    const { search, went, dispose } = setUp('type:animation');
    expect(search.typed()).toBe('');
    search.type('grumpy');
    vi.advanceTimersByTime(500);
    expect(went).toEqual([{ q: 'grumpy type:animation', replace: false }]);
    search.clear();
    expect(went.at(-1)).toEqual({ q: 'type:animation', replace: true });
    dispose();
  });

  it('keeps what is being typed when a filter changes', () => {
    const { search, setQ, went, dispose } = setUp('cat');
    search.type('cats');
    setQ('cat type:video');
    vi.advanceTimersByTime(500);
    expect(search.typed()).toBe('cats');
    expect(went.at(-1)?.q).toBe('cats type:video');
    dispose();
  });

  it('takes a typed filter out of the text once it is finished', () => {
    const { search, went, dispose } = setUp();
    search.type('cat tag:mon');
    vi.advanceTimersByTime(500);
    expect(went.at(-1)?.q).toBe('cat');
    expect(search.typed()).toBe('cat tag:mon');
    search.type('cat tag:monday ');
    vi.advanceTimersByTime(500);
    expect(went.at(-1)?.q).toBe('cat tag:monday');
    expect(search.typed()).toBe('cat ');
    search.type('cat type:gif');
    expect(search.submit(true)).toBe('cat tag:monday type:animation');
    expect(search.typed()).toBe('cat');
    dispose();
  });

  it('leaves the trash when words are typed, because words cannot narrow it', () => {
    const { search, went, dispose } = setUp('is:trash');
    search.type('cat');
    vi.advanceTimersByTime(500);
    expect(went.at(-1)?.q).toBe('cat');
    dispose();
  });

  it.each(['tag:', 'in:', 'in:"isot ko', '-in:koir', 'is:fa', 'like:0'])(
    'does not search for a filter that is being typed: %s',
    (typed) => {
      const { search, went, dispose } = setUp();
      search.type(typed);
      vi.advanceTimersByTime(500);
      expect(went).toEqual([]);
      dispose();
    },
  );
});
