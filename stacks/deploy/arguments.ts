import { readFileSync, statSync } from 'node:fs';
import { parseArgs, parseEnv } from 'node:util';
import { QUESTIONS } from './answers.ts';
import { Problem } from './problem.ts';

export const USAGE = `Usage: npm run deploy -- [--dry-run] [--yes] [--answers FILE]

Leads from nothing to a live site. It asks the clouds what is there and does the rest, so it can be
interrupted and run again.

  --dry-run       show what would be done, and change nothing
  --yes           ask nothing: answers come from the environment or the file
  --answers FILE  lines NAME=VALUE, readable by you alone; the environment wins

Answers: ${Object.keys(QUESTIONS).join(', ')}.`;

export interface Arguments {
  dryRun: boolean;
  yes: boolean;
  help: boolean;
  /** Those of the file, then those of the environment. */
  given: Record<string, string | undefined>;
}

/** Reads a file of answers. @throws Problem if others can read it, too */
function readAnswers(file: string): Record<string, string | undefined> {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) throw new Problem(`There is no file ${file}: name one that has the answers.`);
  if ((stat.mode & 0o077) !== 0)
    throw new Problem(`Others can read ${file}, which holds secrets: run "chmod 600 ${file}".`);
  return parseEnv(readFileSync(file, 'utf8'));
}

/** @throws Problem for an unknown option */
export function readArguments(argv: readonly string[], env: NodeJS.ProcessEnv): Arguments {
  const options = {
    'dry-run': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
    answers: { type: 'string' },
  } as const;
  try {
    const { values } = parseArgs({ args: [...argv], options });
    const file = values.answers === undefined ? {} : readAnswers(values.answers);
    return { dryRun: values['dry-run'], yes: values.yes, help: values.help, given: { ...file, ...env } };
  } catch (error) {
    if (error instanceof TypeError) throw new Problem(`${error.message}\n\n${USAGE}`);
    throw error;
  }
}
