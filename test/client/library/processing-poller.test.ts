import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProcessingPoller } from '../../../client/library/processing-poller.ts';

type Ask = (id: string) => Promise<'reading' | 'settled'>;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createProcessingPoller', () => {
  it('asks until an item has settled, then no more', async () => {
    const answers = ['reading', 'reading', 'settled'] as const;
    const ask = vi.fn<Ask>();
    for (const answer of answers) ask.mockResolvedValueOnce(answer);
    const watch = createProcessingPoller(ask, () => false);
    watch.watch('a');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('asks about four at a time, and about everyone in turn', async () => {
    const rounds: string[][] = [];
    const ask = async (id: string) => {
      rounds.at(-1)?.push(id);
      return 'reading' as const;
    };
    const watch = createProcessingPoller(ask, () => {
      rounds.push([]);
      return false;
    });
    for (const id of 'abcdef') watch.watch(id);
    await vi.advanceTimersByTimeAsync(4000);
    expect(rounds.slice(0, 2)).toEqual([
      ['a', 'b', 'c', 'd'],
      ['e', 'f', 'a', 'b'],
    ]);
    watch.stop();
  });

  it('asks about an urgent item in every round, at the first interval', async () => {
    const ask = vi.fn<Ask>(async () => 'reading');
    const watch = createProcessingPoller(ask, () => false);
    for (const id of 'abcdefgh') watch.watch(id);
    const stop = watch.watch('h', true);
    await vi.advanceTimersByTimeAsync(15_000);
    const times = (wanted: string) => ask.mock.calls.filter(([id]) => id === wanted).length;
    expect(times('h')).toBe(10);
    expect(times('a')).toBeLessThan(6);
    stop();
    ask.mockClear();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times('h')).toBeLessThanOrEqual(times('a') + 1);
    watch.stop();
  });

  it('asks ever more slowly while nothing changes', async () => {
    const ask = vi.fn<Ask>(async () => 'reading');
    const watch = createProcessingPoller(ask, () => false);
    watch.watch('a');
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(ask.mock.calls.length).toBeGreaterThan(40);
    expect(ask.mock.calls.length).toBeLessThan(70);
    watch.stop();
  });

  it('asks nothing while nobody looks, and goes on after', async () => {
    let idle = true;
    const ask = vi.fn<Ask>(async () => 'settled');
    const watch = createProcessingPoller(ask, () => idle);
    watch.watch('a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).not.toHaveBeenCalled();
    idle = false;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('keeps watching when the network fails', async () => {
    const ask = vi.fn<Ask>(async () => 'settled').mockRejectedValueOnce(new Error('offline'));
    const watch = createProcessingPoller(ask, () => false);
    watch.watch('a');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('stops when the last of several watchers goes', async () => {
    const ask = vi.fn<Ask>(async () => 'reading');
    const watch = createProcessingPoller(ask, () => false);
    const stops = [watch.watch('a'), watch.watch('a')];
    stops[0]?.();
    await vi.advanceTimersByTimeAsync(1500);
    expect(ask).toHaveBeenCalledTimes(1);
    stops[1]?.();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).toHaveBeenCalledTimes(1);
  });
});
