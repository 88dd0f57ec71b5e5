import { readEnvFile } from './env-file.ts';

/**
 * `npm run cli`: the command line with the variables of `.env`. Warnings about that file go to
 * standard error.
 */
for (const line of readEnvFile().slice(1)) process.stderr.write(`${line}\n`);
await import('../cli.ts');
