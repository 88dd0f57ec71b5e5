import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRefreshQueue } from '../../../client/live/refresh-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createRefreshQueue', () => {
  it('makes one refresh of a burst of changes', async () => {
    const refresh = vi.fn<() => Promise<void>>(async () => {});
    const queue = createRefreshQueue(refresh);
    for (let i = 0; i < 100; i++) queue.request();
    expect(refresh).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(300);
    expect(refresh).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('runs one refresh at a time, and one more for what came meanwhile', async () => {
    const held = Promise.withResolvers<void>();
    const refresh = vi.fn<() => Promise<void>>(() => held.promise);
    const queue = createRefreshQueue(refresh);
    queue.request();
    await vi.advanceTimersByTimeAsync(300);
    for (let i = 0; i < 10; i++) queue.request();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refresh).toHaveBeenCalledTimes(1);
    held.resolve();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refresh).toHaveBeenCalledTimes(2);
  });

  it('makes few refreshes of many uploads in a row', async () => {
    const refresh = vi.fn<() => Promise<void>>(async () => {});
    const queue = createRefreshQueue(refresh);
    for (let upload = 0; upload < 69; upload++) {
      queue.request();
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(refresh.mock.calls.length).toBeLessThan(14);
  });

  it('is quick again after a calm time', async () => {
    const refresh = vi.fn<() => Promise<void>>(async () => {});
    const queue = createRefreshQueue(refresh);
    for (let i = 0; i < 100; i++) {
      queue.request();
      await vi.advanceTimersByTimeAsync(200);
    }
    await vi.advanceTimersByTimeAsync(20_000);
    refresh.mockClear();
    queue.request();
    await vi.advanceTimersByTimeAsync(300);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('does nothing once stopped', async () => {
    const refresh = vi.fn<() => Promise<void>>(async () => {});
    const queue = createRefreshQueue(refresh);
    queue.request();
    queue.stop();
    queue.request();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refresh).not.toHaveBeenCalled();
  });
});
