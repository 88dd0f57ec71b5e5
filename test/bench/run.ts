import { join } from 'node:path';
import { listBenches, type Bench } from './usage.ts';

// `npm run bench -- NAME [options]` runs one bench. Without a name or with `--help` it lists them;
// `npm run bench -- NAME --help` describes one.

const [name = '--help', ...options] = process.argv.slice(2);
const benches = listBenches();
const wanted = benches.find((bench) => bench.name === name);
const usage = (of: readonly Bench[]) => of.map(({ text }) => `${text.replaceAll('`', '')}\n`).join('\n');

if (wanted && options.includes('--help')) process.stdout.write(usage([wanted]));
else if (wanted) await import(join(import.meta.dirname, `${wanted.name}.ts`));
else if (name === '--help') process.stdout.write(usage(benches));
else {
  process.stderr.write(`There is no bench "${name}".\n\n${usage(benches)}`);
  process.exitCode = 1;
}
