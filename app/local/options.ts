import { parseArgs } from 'node:util';
import { readEnvFile } from './env-file.ts';

/** Parses the options of `npm start` and `npm run dev`. */
export function readOptions(): { install: boolean } {
  const { values } = parseArgs({
    options: {
      /** Installs nothing on this machine. */
      'no-install': { type: 'boolean', default: false },
      /** Ignores `.env`. */
      'no-env-file': { type: 'boolean', default: false },
    },
  });
  if (!values['no-env-file']) readEnvFile().forEach(say);
  return { install: !values['no-install'] };
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Ends the process with one sentence. */
export function exitWith(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
