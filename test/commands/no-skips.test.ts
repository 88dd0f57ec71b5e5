import { execFile } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const SUPPORT = join(ROOT, 'test/support/no-skips.ts');

/** Runs one of the runners on a file with a passing test and, if asked, a skipped one. */
async function run(runner: 'vitest' | 'playwright', skips: boolean) {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'no-skips-'));
  const library = runner === 'vitest' ? 'vitest/dist/index.js' : 'playwright/test.mjs';
  await writeFile(
    join(folder.path, 'one.test.mjs'),
    `import { test } from ${JSON.stringify(join(ROOT, 'node_modules', library))};
test('passes', () => {});
${skips ? "test.skip('is left out', () => {});" : ''}`,
  );
  await writeFile(
    join(folder.path, 'config.mjs'),
    runner === 'vitest'
      ? `import { NoSkippedTests } from ${JSON.stringify(SUPPORT)};
export default { test: { root: ${JSON.stringify(folder.path)}, reporters: [new NoSkippedTests()] } };`
      : `export default { testMatch: '**/one.test.mjs', reporter: [[${JSON.stringify(SUPPORT)}]] };`,
  );
  const config = join(folder.path, 'config.mjs');
  const args = runner === 'vitest' ? ['run', '--config', config] : ['test', '--config', config];
  const command = join(ROOT, 'node_modules/.bin', runner);
  return await promisify(execFile)(command, args, { cwd: ROOT, env: { ...process.env, NO_COLOR: '1' } }).then(
    ({ stderr }) => ({ code: 0, said: stderr }),
    (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
  );
}

describe.each(['vitest', 'playwright'] as const)('a run of %s that allows no skipped test', (runner) => {
  it('passes when all were run', async () => {
    expect(await run(runner, false)).toMatchObject({ code: 0 });
  });

  it('fails when one was skipped, and names it', async () => {
    const { code, said } = await run(runner, true);
    expect(code).toBe(1);
    expect(said).toMatch(/skipped, which CI does not allow: .*is left out/);
  });
});
