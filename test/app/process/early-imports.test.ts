import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const MAIN = resolve('app/main.ts');

/**
 * Returns the packages that the static imports of an entry point load, directly or through other
 * modules.
 */
function packagesBefore(entry: string): string[] {
  const source = readFileSync(entry, 'utf8');
  const named = [...source.matchAll(/^import (?!type ).*? from '(\.[^']+)';$/gm)].map(
    ([, name = '']) => new URL(name, pathToFileURL(entry)).href,
  );
  expect(named.length).toBeGreaterThan(2);
  const script = `
    import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({ resolve(name, context, next) { const found = next(name, context); seen.add(found.url); return found; } });
    for (const name of ${JSON.stringify(named)}) await import(name);
    console.log(JSON.stringify([...seen]));`;
  const seen = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const packages = [...seen.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].map(([, name = '']) => name);
  return [...new Set(packages)].toSorted();
}

it('answers while it starts with little loaded: no database, no queue, no pictures, no storage', () => {
  const packages = packagesBefore(MAIN);
  expect(packages).toContain('hono');
  expect(packages).toContain('zod');
  for (const heavy of ['kysely', 'pg', 'pg-boss', 'sharp', '@aws-sdk/client-s3', 'tesseract.js'])
    expect(packages).not.toContain(heavy);
});
