import { describe, expect, it } from 'vitest';
import { createSurprise } from '../../../client/search/surprise.model.ts';

/** Makes a surprise over a server that draws by twos from the ids of each query. */
function setUp(items: Record<string, readonly string[]>, gone: readonly string[] = []) {
  let seen: readonly string[] = [];
  const draws: string[] = [];
  const surprise = createSurprise({
    draw: async (q, cursor) => {
      draws.push(q);
      const from = Number(cursor ?? 0);
      const all = items[q] ?? [];
      const next = from + 2 < all.length ? String(from + 2) : null;
      return Promise.resolve({ ids: all.slice(from, from + 2), next });
    },
    isThere: async (id) => Promise.resolve(!gone.includes(id)),
    seen: { read: () => seen, write: (ids) => (seen = ids) },
  });
  const show = async (count: number, q = '') => {
    const shown: (string | null)[] = [];
    for (let i = 0; i < count; i++) shown.push((await surprise(q)).id);
    return shown;
  };
  return { surprise, show, draws };
}

describe('createSurprise', () => {
  it('shows each item once, then says so and starts over', async () => {
    const { surprise, show } = setUp({ '': ['a', 'b', 'c', 'd', 'e'] });
    expect((await show(5)).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    const sixth = await surprise('');
    expect(sixth.again).toBe(true);
    // The last item of a round is not the first of the next one.
    expect(sixth.id).not.toBe('e');
    const others = await show(3);
    expect(new Set([sixth.id, ...others]).size).toBe(4);
  });

  it('repeats none when the filters change, and shows what they limit it to', async () => {
    const { show, surprise } = setUp({ '': ['a', 'b', 'c'], 'is:mine': ['c', 'a', 'd'] });
    expect(await show(2)).toEqual(['a', 'b']);
    expect(await show(2, 'is:mine')).toEqual(['c', 'd']);
    expect(await surprise('')).toEqual({ id: 'a', again: true });
  });

  it('passes over an item that was deleted since the draw', async () => {
    const { show } = setUp({ '': ['a', 'b', 'c'] }, ['a', 'b']);
    expect(await show(1)).toEqual(['c']);
  });

  it('goes on after an empty draw', async () => {
    const answers = [
      { ids: [], next: 'x' },
      { ids: ['a'], next: null },
    ];
    const cursors: (string | undefined)[] = [];
    const surprise = createSurprise({
      draw: async (_q, cursor) => {
        cursors.push(cursor);
        return Promise.resolve(answers.shift() ?? { ids: [], next: null });
      },
      isThere: async () => Promise.resolve(true),
      seen: { read: () => [], write: () => undefined },
    });
    expect(await surprise('')).toEqual({ id: 'a', again: false });
    expect(cursors).toEqual([undefined, 'x']);
  });

  it('shows a single item again, and nothing where there is nothing', async () => {
    const { surprise, draws } = setUp({ one: ['a'], none: [] });
    expect(await surprise('one')).toEqual({ id: 'a', again: false });
    expect(await surprise('one')).toEqual({ id: 'a', again: true });
    expect(await surprise('none')).toEqual({ id: null, again: false });
    expect(draws.length).toBeLessThan(6);
  });

  it('ends when every item of the round is gone', async () => {
    const { surprise } = setUp({ '': ['a', 'b'] }, ['a', 'b']);
    expect(await surprise('')).toEqual({ id: null, again: false });
  });
});
