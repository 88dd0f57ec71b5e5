import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { pageFunctions } from 'lighthouse/core/lib/page-functions.js';
import type { Page } from 'playwright/test';
import { z } from 'zod';

const BENCHMARK = `(${pageFunctions.computeBenchmarkIndex.toString()})()`;

/**
 * Measures the current speed of this machine under its load: Lighthouse's `benchmarkIndex`. Takes
 * about a second.
 */
export const benchmark = async (page: Page): Promise<number> =>
  z.number().parse(await page.evaluate(BENCHMARK));

/** Maximum wait for an idle machine, seconds. */
const PATIENCE_S = 45;

/**
 * Waits a while for four fifths of the CPU to be free. On a busy machine a timing measures the
 * other work: task times are wall-clock times.
 * @returns whether the CPU is free
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
 * Returns how much slower than this machine a mid-tier phone is. Lighthouse's constant 4 assumes a
 * desktop with a benchmark of 1,533. For other machines its documentation has a calculator; this is
 * its formula. The maximum is 4.
 * https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md (calibrating the CPU
 * slowdown)
 *
 * @param index Lighthouse's `benchmarkIndex` of this machine: 1500 and more is a fast desktop, 150
 *   a phone
 */
export function slowdownFor(index: number): number {
  if (index >= 1300) return Math.min(4, 3 + (index - 1300) / 233);
  if (index >= 800) return 2 + (index - 800) / 500;
  return 1 + Math.max(0, index - 150) / 650;
}
