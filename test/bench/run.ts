import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** `npm run bench -- NAME [options]` measures one thing: every other file of this folder is one. */
const [name = ''] = process.argv.slice(2);
const file = join(import.meta.dirname, `${name}.ts`);
if (!/^[\w-]+$/.test(name) || name === 'run' || !existsSync(file)) {
  const names = readdirSync(import.meta.dirname).filter(
    (entry) => entry.endsWith('.ts') && entry !== 'run.ts',
  );
  process.stderr.write(`npm run bench -- ${names.map((entry) => entry.slice(0, -3)).join('|')} [options]\n`);
  process.exit(1);
}
await import(file);
