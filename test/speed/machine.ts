import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { pageFunctions } from 'lighthouse/core/lib/page-functions.js';
import type { Page } from 'playwright/test';
import { z } from 'zod';

const BENCHMARK = `(${pageFunctions.computeBenchmarkIndex.toString()})()`;

/** How fast this machine is just now, with whatever else it does: Lighthouse's own `benchmarkIndex`. Takes about a second. */
export const benchmark = async (page: Page): Promise<number> =>
  z.number().parse(await page.evaluate(BENCHMARK));

/** Seconds to wait for a machine to have nothing else to do. */
const PATIENCE_S = 45;

/**
 * Whether this machine has four fifths of its CPU free, for which it is waited a while. What is timed on one that works for
 * others too says how busy they are: a task is as long as the clock says, with all that came between.
 */
export async function becomesCalm(): Promise<boolean> {
  const times = () => {
    const all = cpus().map((cpu) => cpu.times);
    const idle = all.reduce((sum, time) => sum + time.idle, 0);
    return {
      idle,
      total: all.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle),
    };
  };
  for (let second = 0; second < PATIENCE_S; second++) {
    const before = times();
    await sleep(1000);
    const after = times();
    if (after.idle - before.idle >= 0.8 * (after.total - before.total)) return true;
  }
  return false;
}

/**
 * How much slower than this machine a mid-tier phone is. Lighthouse's constant 4 supposes a desktop with a benchmark of 1,533;
 * for others its documentation has a calculator, whose formula this is. Never more than the 4.
 * https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md#calibrating-the-cpu-slowdown
 *
 * @param index Lighthouse's own `benchmarkIndex` of this machine: 1500 and more is a fast desktop, 150 a phone
 */
export function slowdownFor(index: number): number {
  if (index >= 1300) return Math.min(4, 3 + (index - 1300) / 233);
  if (index >= 800) return 2 + (index - 800) / 500;
  return 1 + Math.max(0, index - 150) / 650;
}
