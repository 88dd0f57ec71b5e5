import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { watchMemory } from './memory.ts';

const MB = 1_000_000;

describe('watching memory', () => {
  it('counts what is held, also when it is let go again before the end', async () => {
    const memory = watchMemory();
    let held: Buffer[] = Array.from({ length: 20 }, () => Buffer.alloc(5 * MB, 1));
    await wait(100);
    expect(held).toHaveLength(20);
    held = [];
    await wait(100);
    expect(memory.stop()).toBeGreaterThan(95 * MB);
  });

  it('counts nothing of what is let go at once, however much of it passes', async () => {
    const memory = watchMemory();
    for (let i = 0; i < 200; i++) {
      expect(Buffer.alloc(MB, i)[0]).toBe(i);
      if (i % 10 === 0) await wait(6);
    }
    expect(memory.stop()).toBeLessThan(10 * MB);
  });
});
