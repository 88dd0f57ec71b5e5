import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWakefulness, HIDDEN_MS, IDLE_MS } from '../../../client/live/wakefulness.ts';
import { fakePage } from './fakes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const fake = fakePage();
  const changes: boolean[] = [];
  const wakefulness = createWakefulness(fake.page, (awake) => changes.push(awake));
  return { ...fake, changes, wakefulness };
}

describe('createWakefulness', () => {
  it('sleeps after some minutes without use, also in a visible page', async () => {
    const { changes } = setUp();
    await vi.advanceTimersByTimeAsync(IDLE_MS - 1000);
    expect(changes).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(changes).toEqual([false]);
  });

  it.each(['pointerdown', 'pointermove', 'keydown', 'wheel', 'scroll', 'touchstart'])(
    'stays awake by %s, and wakes by it',
    async (type) => {
      const { changes, use } = setUp();
      for (let i = 0; i < 5; i++) {
        await vi.advanceTimersByTimeAsync(IDLE_MS - 1000);
        use(type);
      }
      expect(changes).toEqual([]);
      await vi.advanceTimersByTimeAsync(IDLE_MS);
      use(type);
      expect(changes).toEqual([false, true]);
      await vi.advanceTimersByTimeAsync(IDLE_MS);
      expect(changes).toEqual([false, true, false]);
    },
  );

  it('sleeps a while after it is hidden, and wakes when it is seen', async () => {
    const { changes, setHidden, use } = setUp();
    setHidden(true);
    await vi.advanceTimersByTimeAsync(HIDDEN_MS - 1000);
    setHidden(false);
    await vi.advanceTimersByTimeAsync(HIDDEN_MS);
    expect(changes).toEqual([]);
    setHidden(true);
    await vi.advanceTimersByTimeAsync(HIDDEN_MS);
    expect(changes).toEqual([false]);
    use('keydown');
    expect(changes).toEqual([false]);
    setHidden(false);
    expect(changes).toEqual([false, true]);
  });

  it.each([
    ['document', 'freeze', 'resume'],
    ['window', 'pagehide', 'pageshow'],
  ] as const)('sleeps at once at %s %s, and wakes at %s', (target, out, back) => {
    const { changes, fire } = setUp();
    fire(target, out);
    expect(changes).toEqual([false]);
    fire(target, back);
    expect(changes).toEqual([false, true]);
  });

  it('does not take a jump of the clock for a long time without use', async () => {
    const { changes, use } = setUp();
    use();
    vi.setSystemTime(Date.now() + 24 * 3_600_000);
    await vi.advanceTimersByTimeAsync(60_000);
    vi.setSystemTime(Date.now() - 48 * 3_600_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(changes).toEqual([]);
    await vi.advanceTimersByTimeAsync(IDLE_MS);
    expect(changes).toEqual([false]);
  });
});
