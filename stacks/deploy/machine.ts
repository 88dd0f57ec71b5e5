import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { App } from 'cdktf';
import { BootstrapStack } from '../bootstrap.stack.ts';
import { environments, shared } from '../environments.ts';
import type { Answers } from './answers.ts';
import { databaseVersion } from './database-version.ts';
import { listBuckets, realDns, reachable } from './internet.ts';
import type { Redaction } from './redaction.ts';
import { commandsOf } from './run.ts';
import type { Files, StackParts, Surroundings } from './surroundings.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

export function filesIn(root: string): Files {
  return {
    read(name) {
      try {
        return readFileSync(resolve(root, name), 'utf8');
      } catch (error) {
        if (['ENOENT', 'ENAMETOOLONG', 'EISDIR'].includes(codeOf(error))) return null;
        throw error;
      }
    },
    write: (name, text) => writeFileSync(resolve(root, name), text, { mode: 0o600 }),
    remove: (name) => rmSync(resolve(root, name), { force: true }),
  };
}

/** Returns the parts of the bootstrap stack, from its code. */
export async function bootstrapParts(): Promise<StackParts> {
  const stack = new BootstrapStack(new App(), 'bootstrap', { settings: shared, environments });
  const made: { resource: Record<string, object>; output: object } = stack.toTerraform();
  return {
    resources: Object.entries(made.resource).flatMap(([type, named]) =>
      Object.keys(named).map((name) => `${type}.${name}`),
    ),
    outputs: Object.keys(made.output),
  };
}

interface Machine {
  /** Top of the repository. */
  root: string;
  env: NodeJS.ProcessEnv;
  redaction: Redaction;
  answers: Answers;
  print: (text: string) => void;
}

/** The surroundings as they are: commands, clouds and files of this machine. */
export function onMachine({ root, env, redaction, answers, print }: Machine): Surroundings {
  const tell = (text: string): void => print(redaction.clean(text));
  return {
    run: commandsOf({ cwd: root, env, redaction, show: tell }),
    fetch: reachable,
    dns: realDns,
    files: filesIn(root),
    answers,
    databaseVersion,
    buckets: listBuckets,
    bootstrapParts,
    randomSecret: () => randomBytes(32).toString('hex'),
    wait: (ms) => sleep(ms),
    hide: redaction.hide,
    tell,
  };
}
