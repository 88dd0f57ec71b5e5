import { spawnSync } from 'node:child_process';
import { installTools } from './support/tools.ts';

/** `npm run check`: runs all static checks, then fails if any of them failed. */
const CHECKS = [
  ['generated bindings', 'node stacks/generate.ts'],
  ['generated types of the API', 'npm run --silent api-types'],
  ['format', 'npm run --silent check:format'],
  ['lint and import directions', 'npm run --silent check:lint'],
  ['types', 'npm run --silent check:types'],
  ['dead code', 'npm run --silent check:deadcode'],
  ['generated files', 'npm run --silent check:generated'],
  ['workflows', 'npm run --silent check:workflows'],
  ['Dockerfile', 'npm run --silent check:dockerfile'],
] as const;

installTools();
const failed = CHECKS.filter(([name, command]) => {
  const started = performance.now();
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`check: ${name} ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n`);
  return status !== 0;
});

if (failed.length > 0) {
  process.stdout.write(`check: failed: ${failed.map(([name]) => name).join(', ')}\n`);
  process.exitCode = 1;
}
