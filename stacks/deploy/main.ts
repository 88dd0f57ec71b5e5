import { join } from 'node:path';
import { createAnswers } from './answers.ts';
import { readArguments, USAGE } from './arguments.ts';
import { Declined, deploy } from './deploy.ts';
import { onMachine } from './machine.ts';
import { Problem } from './problem.ts';
import { ask, confirmed, print } from './prompts.ts';
import { createRedaction } from './redaction.ts';

// `npm run deploy`: from nothing to a live site. docs/deploy.md has the steps around it.

const redaction = createRedaction();

/** Returns the exit code. */
async function main(): Promise<number> {
  const { dryRun, yes, help, given } = readArguments(process.argv.slice(2), process.env);
  if (help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const asks = !yes && process.stdin.isTTY;
  if (!asks && !yes && !dryRun)
    throw new Problem('Nobody is there to answer: give --yes, and the answers in the environment or a file.');
  const root = join(import.meta.dirname, '../..');
  const answers = createAnswers(given, asks ? ask : null, redaction.hide);
  const plain = (text: string): void => void process.stdout.write(`${text}\n`);
  const on = onMachine({ root, env: process.env, redaction, answers, print: asks ? print : plain });
  await deploy(on, { dryRun, confirm: asks ? confirmed : async () => yes });
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof Problem || error instanceof Declined;
  const text =
    error instanceof Declined
      ? 'Stopped. Run it again to go on.'
      : error instanceof Problem
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
  process.stderr.write(`${redaction.clean(text)}\n`);
  process.exitCode = known ? 1 : 2;
}
