import { describe, expect, it, vi } from 'vitest';
import { coalesce } from '../../../app/util/coalesce.ts';

/** Records runs; the test ends each run. */
function controlled() {
  const runs: { keys: readonly string[]; end(error?: Error): Promise<void> }[] = [];
  const ask = coalesce(
    (keys: readonly string[]) =>
      new Promise<ReadonlyMap<string, string>>((resolve, reject) => {
        runs.push({
          keys,
          async end(error) {
            if (error) reject(error);
            else resolve(new Map(keys.map((key) => [key, `${key} of run ${runs.length}`])));
            await new Promise((wake) => setImmediate(wake));
          },
        });
      }),
  );
  return { runs, ask };
}

describe('coalesce', () => {
  it('asks at once when nothing is under way', async () => {
    const { runs, ask } = controlled();
    const answer = ask('a');
    expect(runs).toHaveLength(1);
    await runs[0]?.end();
    expect(await answer).toBe('a of run 1');
  });

  it('gives nobody an answer that was begun before they asked', async () => {
    const { runs, ask } = controlled();
    const first = ask('a');
    const second = ask('a');
    expect(runs).toHaveLength(1);
    await runs[0]?.end();
    expect(runs).toHaveLength(2);
    await runs[1]?.end();
    expect([await first, await second]).toEqual(['a of run 1', 'a of run 2']);
  });

  it('asks once for all who come meanwhile', async () => {
    const { runs, ask } = controlled();
    const answers = [ask('a'), ask('b'), ask('c'), ask('b')];
    await runs[0]?.end();
    expect(runs.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c']]);
    await runs[1]?.end();
    expect(await Promise.all(answers)).toEqual(['a of run 1', 'b of run 2', 'c of run 2', 'b of run 2']);
  });

  it('gives an error to those who shared the run, and to nobody after them', async () => {
    const { runs, ask } = controlled();
    const first = ask('a');
    const outcome = first.catch((error: unknown) => error);
    const second = ask('a');
    await runs[0]?.end(new Error('no'));
    expect(await outcome).toEqual(new Error('no'));
    await runs[1]?.end();
    expect(await second).toBe('a of run 2');
    const third = ask('a');
    await runs[2]?.end();
    expect(await third).toBe('a of run 3');
  });

  it('does not wait for a run that takes long, and loses nobody over it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const { runs, ask } = controlled();
      const slow = ask('a');
      const waiting = ask('b');
      vi.advanceTimersByTime(300);
      const alone = ask('c');
      expect(runs.map(({ keys }) => keys)).toEqual([['a'], ['c']]);
      await runs[1]?.end();
      expect(await alone).toBe('c of run 2');
      await runs[0]?.end();
      expect(runs[2]?.keys).toEqual(['b']);
      await runs[2]?.end();
      expect([await slow, await waiting]).toEqual(['a of run 2', 'b of run 3']);
    } finally {
      vi.useRealTimers();
    }
  });
});
