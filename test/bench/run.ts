import { join } from 'node:path';
import { listBenches } from './usage.ts';

// `npm run bench -- NAME [options]` runs one bench. Without a name it lists them.

const [name = ''] = process.argv.slice(2);
const benches = listBenches();
if (benches.some((bench) => bench.name === name)) await import(join(import.meta.dirname, `${name}.ts`));
else {
  process.stderr.write(benches.map(({ text }) => `${text.replaceAll('`', '')}\n`).join('\n'));
  process.exitCode = 1;
}
