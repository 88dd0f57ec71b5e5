import { afterEach, describe, expect, it, vi } from 'vitest';
import { createReceiveBudget, type Share } from '../../../app/http/receive-budget.ts';

const QUANTUM = 256 * 1024;
const CALM = { windowMs: 600_000, minBytes: 0 };

/** Tells whether the share was handed out after all pending callbacks have run. */
async function settled(taking: Promise<void>): Promise<'taken' | 'waits' | 'refused'> {
  const state = taking.then(
    () => 'taken' as const,
    () => 'refused' as const,
  );
  return Promise.race([state, new Promise<'waits'>((done) => void setImmediate(() => done('waits')))]);
}

describe('the budget of what is received', () => {
  it('holds nothing for an upload that sends nothing', async () => {
    const budget = createReceiveBudget({ capacity: 100 * QUANTUM, contended: CALM });
    for (let i = 0; i < 50; i++) budget.open('eve', 100 * QUANTUM);
    expect(budget.usage()).toEqual({ held: 0, shares: 50, waiting: 0 });
    expect(await settled(budget.open('aino', 100 * QUANTUM).take(QUANTUM))).toBe('taken');
  });

  it('lets a small upload pass large ones that wait', async () => {
    const budget = createReceiveBudget({ capacity: 10 * QUANTUM, contended: CALM });
    const large = [budget.open('eve', 8 * QUANTUM), budget.open('eve', 8 * QUANTUM)] as const;
    await large[0].take(4 * QUANTUM);
    expect(await settled(large[1].take(4 * QUANTUM))).toBe('waits');
    expect(await settled(budget.open('aino', QUANTUM).take(QUANTUM))).toBe('taken');
  });

  it('starts no further upload of a person while somebody who holds less waits', async () => {
    const budget = createReceiveBudget({ capacity: 10 * QUANTUM, contended: CALM });
    const stalled = budget.open('eve', 8 * QUANTUM);
    await stalled.take(6 * QUANTUM);
    const large = budget.open('aino', 10 * QUANTUM).take(10 * QUANTUM);
    expect(await settled(large)).toBe('waits');
    const further = budget.open('eve', QUANTUM).take(QUANTUM);
    expect(await settled(further)).toBe('waits');
    stalled[Symbol.dispose]();
    expect(await settled(large)).toBe('taken');
  });

  it('never lets uploads wait for each other for ever, in whichever order their bytes come', async () => {
    for (let round = 0; round < 200; round++) {
      const budget = createReceiveBudget({ capacity: 20 * QUANTUM, contended: CALM });
      let random = round + 1;
      const next = (most: number) => (random = (random * 48_271) % 2_147_483_647) % most;
      let ended = 0;
      const uploads = Array.from({ length: 12 }, async (_, i) => {
        const size = 1 + next(20 * QUANTUM);
        const share = budget.open(`person ${i % 5}`, size);
        for (let left = size; left > 0;) {
          const bytes = Math.min(left, 1 + next(3 * QUANTUM));
          await share.take(bytes);
          left -= bytes;
          if (next(3) === 0) await new Promise((done) => void setImmediate(done));
        }
        share.received();
        await new Promise((done) => void setImmediate(done));
        expect(budget.usage().held).toBeLessThanOrEqual(20 * QUANTUM);
        share[Symbol.dispose]();
        ended += 1;
      });
      await Promise.all(uploads);
      expect(ended).toBe(12);
      expect(budget.usage()).toEqual({ held: 0, shares: 0, waiting: 0 });
    }
  });

  it('serves the person who holds less first', async () => {
    const budget = createReceiveBudget({ capacity: 4 * QUANTUM, contended: CALM });
    const first = budget.open('eve', 4 * QUANTUM);
    await first.take(3 * QUANTUM);
    const order: string[] = [];
    const wait = async (person: string, share: Share) => {
      await share.take(2 * QUANTUM);
      order.push(person);
      share[Symbol.dispose]();
    };
    const second = budget.open('eve', QUANTUM);
    await second.take(QUANTUM / 2);
    const waiting = [
      wait('eve', budget.open('eve', 4 * QUANTUM)),
      wait('eve', budget.open('eve', 4 * QUANTUM)),
      wait('aino', budget.open('aino', 4 * QUANTUM)),
    ];
    expect(budget.usage().waiting).toBe(3);
    first[Symbol.dispose]();
    await Promise.all(waiting);
    expect(order[0]).toBe('aino');
  });

  it('makes a slow upload give way to another person, and not a fast one', async () => {
    const budget = createReceiveBudget({
      capacity: 10 * QUANTUM,
      contended: { windowMs: 20, minBytes: 1000 },
    });
    const slow = budget.open('eve', 10 * QUANTUM);
    await slow.take(6 * QUANTUM);
    const own = budget.open('eve', 10 * QUANTUM).take(8 * QUANTUM);
    const waiting = budget.open('aino', 10 * QUANTUM).take(8 * QUANTUM);
    const fast = budget.open('eino', QUANTUM);
    // Sends as fast as it can until the slow upload gets its signal.
    await new Promise<void>((done) => {
      slow.signal.addEventListener('abort', () => done());
      const more = () => {
        if (slow.signal.aborted) return;
        void fast.take(1000).then(() => setImmediate(more));
      };
      more();
    });
    expect(slow.signal.reason).toMatchObject({ code: 'unavailable' });
    expect(fast.signal.aborted).toBe(false);
    slow[Symbol.dispose]();
    await waiting;
    expect(await settled(own)).toBe('waits');
  });

  describe('by the window', () => {
    const contended = { windowMs: 1000, minBytes: 1000 };
    afterEach(() => void vi.useRealTimers());

    it('tells a silent upload to give way after one window', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      const budget = createReceiveBudget({ capacity: 10 * QUANTUM, contended });
      const silent = budget.open('eve', 10 * QUANTUM);
      await silent.take(6 * QUANTUM);
      const waiting = budget.open('aino', 10 * QUANTUM).take(8 * QUANTUM);
      expect(await settled(waiting)).toBe('waits');
      vi.advanceTimersByTime(999);
      expect(silent.signal.aborted).toBe(false);
      vi.advanceTimersByTime(1);
      expect(silent.signal.reason).toMatchObject({ code: 'unavailable' });
    });

    it('does not take an upload that waited for a slow one', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      const budget = createReceiveBudget({ capacity: 10 * QUANTUM, contended });
      const first = budget.open('eve', 10 * QUANTUM);
      await first.take(9 * QUANTUM);
      const share = budget.open('aino', 10 * QUANTUM);
      const waited = share.take(8 * QUANTUM);
      expect(await settled(budget.open('eino', 10 * QUANTUM).take(8 * QUANTUM))).toBe('waits');
      vi.advanceTimersByTime(900);
      first[Symbol.dispose]();
      await waited;
      vi.advanceTimersByTime(100);
      expect(budget.usage().waiting).toBe(1);
      expect(share.signal.aborted).toBe(false);
      // The next window counts it.
      vi.advanceTimersByTime(2000);
      expect(share.signal.aborted).toBe(true);
    });
  });

  it('lets one’s own uploads wait for each other', async () => {
    const budget = createReceiveBudget({ capacity: 2 * QUANTUM, contended: { windowMs: 5, minBytes: 1000 } });
    const slow = budget.open('eve', 2 * QUANTUM);
    await slow.take(QUANTUM + 1);
    const waiting = budget.open('eve', 2 * QUANTUM);
    const taken = waiting.take(QUANTUM);
    const looks = await new Promise<number>((done) => {
      let count = 0;
      const timer = setInterval(() => {
        if (++count < 10) return;
        clearInterval(timer);
        done(count);
      }, 5);
    });
    expect(looks).toBe(10);
    expect(slow.signal.aborted).toBe(false);
    expect(await settled(taken)).toBe('waits');
    waiting[Symbol.dispose]();
    expect(await settled(taken)).toBe('refused');
  });
});
