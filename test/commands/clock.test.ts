import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

// A busy machine slows everything. A test may wait for an event until it hangs (hang-guard.ts), but
// may not fail because something took long. The benches and `test/speed` measure times.

const ROOT = join(import.meta.dirname, '../..');
const files = globSync('test/{app,client,commands,docs,e2e,github,image,stacks,support}/**/*.ts', {
  cwd: ROOT,
}).map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));

/** Patterns of a verdict by the clock, and an example of each. */
const VERDICTS: Record<string, [pattern: RegExp, example: string]> = {
  'a fixed sleep in a browser': [/\.waitForTimeout\(/g, 'await page.waitForTimeout(500);'],
  'a limit of one test': [/^ *\}?,? ?\d[\d_]{3,}\);$|^ {2,4}\d[\d_]{3,},$/gm, '}, 60_000);'],
  'a limit of one test, as an option': [
    /\bit[.\w]*\([^\n]*\{ timeout: \d/g,
    "it('x', { timeout: 60_000 }, f);",
  ],
  'a limit of one wait': [
    /\.(?:to[A-Z]\w+|poll|waitFor\w*)\([^;]*?\btimeout: \d/g,
    'await expect(a).toBeVisible({ timeout: 5000 });',
  ],
  'a repeated test': [/\b(?:retry|retries): [1-9]/g, '{ retry: 1 },'],
  'a comparison with the clock': [
    /(?:performance|Date)\.now\(\)[^;\n]*\)\)?\.toBe(?:Less|Greater)/g,
    'expect(performance.now() - began).toBeLessThan(4000);',
  ],
};

describe('no test judges by the clock', () => {
  it.each(Object.entries(VERDICTS))('%s', (_name, [pattern, example]) => {
    expect(example).toMatch(new RegExp(pattern, 'm'));
    const found = files
      .filter(({ name }) => name !== 'test/commands/clock.test.ts')
      .flatMap(({ name, text }) =>
        Array.from(text.matchAll(pattern), ([match]) => `${name}: ${match.trim()}`),
      );
    expect(found).toEqual([]);
  });
});
