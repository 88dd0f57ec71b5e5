import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventStream } from '../../../client/live/event-stream.ts';
import type { News } from '../../../client/live/news.ts';
import { fakeSources } from './fakes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(random = 0.5) {
  const server = fakeSources();
  const news: News[] = [];
  const up: boolean[] = [];
  const onFailure = vi.fn<() => void>();
  const stream = createEventStream({
    open: server.open,
    onNews: (some) => news.push(some),
    onUp: (is) => up.push(is),
    onFailure,
    random: () => random,
  });
  stream.start();
  return { ...server, news, up, onFailure, stream };
}

describe('createEventStream', () => {
  it('tells which items changed, and of a beginning that nothing is known', () => {
    const { last, news, up } = setUp();
    last().say('hello', { caughtUp: false });
    last().say('items', { ids: ['a', 'b'] });
    last().say('all');
    expect(news).toEqual(['all', ['a', 'b'], 'all']);
    expect(up).toEqual([true]);
  });

  it('lets the browser go on after the end of a stream, without loading anew what it had', async () => {
    const { last, news, sources, onFailure, stream } = setUp();
    last().say('hello', { caughtUp: false });
    last().break();
    expect(stream.isUp()).toBe(false);
    await vi.advanceTimersByTimeAsync(10_000);
    last().say('hello', { caughtUp: true });
    expect(stream.isUp()).toBe(true);
    expect(sources).toHaveLength(1);
    expect(news).toEqual(['all']);
    expect(onFailure).not.toHaveBeenCalled();
  });

  it('tries again ever more slowly, spread by chance, while no event comes', async () => {
    const pauses = async (random: number) => {
      const { last, sources } = setUp(random);
      const found: number[] = [];
      for (let i = 0; i < 10; i++) {
        last().break('error');
        const [before, start] = [sources.length, Date.now()];
        while (sources.length === before) await vi.advanceTimersByTimeAsync(500);
        found.push(Date.now() - start);
      }
      return found;
    };
    expect(await pauses(0.5)).toEqual([
      2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000,
    ]);
    expect((await pauses(0)).slice(0, 3)).toEqual([1000, 2000, 4000]);
    expect((await pauses(1)).slice(0, 3)).toEqual([3000, 6000, 12_000]);
  });

  it('is quick again after a stream that brought an event', async () => {
    const { last, sources } = setUp();
    for (let i = 0; i < 6; i++) {
      last().break('error');
      await vi.advanceTimersByTimeAsync(2000 * 2 ** i);
    }
    last().say('hello', { caughtUp: false });
    last().break('error');
    const { length } = sources;
    await vi.advanceTimersByTimeAsync(2000);
    expect(sources).toHaveLength(length + 1);
  });

  it('gives up a stream that a proxy holds back, and tells that none is to be had', async () => {
    const { count, sources, onFailure } = setUp();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(count()).toBe(0);
    expect(onFailure).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.length).toBeLessThan(22);
  });

  it('opens a stream anew that outlives the server’s limit: its connection is dead', async () => {
    const { last, sources, count } = setUp();
    last().say('hello', { caughtUp: false });
    await vi.advanceTimersByTimeAsync(299_000);
    expect(sources).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(sources).toHaveLength(2);
    expect(count()).toBe(1);
  });

  it('hears nothing of a closed stream, and opens none once stopped', async () => {
    const { last, sources, news, stream } = setUp();
    last().say('hello', { caughtUp: true });
    stream.stop();
    last().say('items', { ids: ['a'] });
    last().break('error');
    stream.restart();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(news).toEqual([]);
    expect(sources).toHaveLength(1);
  });

  it('loads everything anew after an event that it cannot read', () => {
    const { last, news } = setUp();
    last().say('items', { names: ['a'] });
    last().dispatchEvent(new MessageEvent('items', { data: '{' }));
    expect(news).toEqual(['all', 'all']);
  });
});
