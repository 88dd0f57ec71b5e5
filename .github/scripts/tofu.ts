import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsOf } from './settings.ts';

/**
 * Runs a command of OpenTofu in a stack.
 *
 * @param given further environment variables
 * @returns what it printed
 * @throws if it fails; its own words are in the log already
 */
export type Tofu = (args: readonly string[], given?: Record<string, string>) => Promise<string>;

interface Options {
  binary: string;
  /** Folder of the synthesized stack. */
  stack: string;
  /** Receives everything it prints, except the values of outputs. */
  log: (text: string) => void;
  env: NodeJS.ProcessEnv;
}

/** Values reach OpenTofu by its environment. A command line is visible to every process. */
export function tofuIn({ binary, stack, log, env }: Options): Tofu {
  return (args, given = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(binary, args, {
        cwd: stack,
        env: { ...env, TF_IN_AUTOMATION: '1', TF_INPUT: '0', ...given },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const quiet = args[0] === 'output' || args[0] === 'show';
      let printed = '';
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (!quiet) log(chunk.toString());
      });
      child.stderr.on('data', (chunk: Buffer) => log(chunk.toString()));
      child.on('error', reject);
      child.on('close', (code) =>
        code === 0 ? resolve(printed) : reject(new Error(`tofu ${args[0]} failed (exit code ${code}).`)),
      );
    });
}

/**
 * Runs OpenTofu in the synthesized stack of an environment, with this process's environment and the
 * given variables.
 */
export const stackTofu = (environment: string, given: Record<string, string> = {}): Tofu =>
  tofuIn({
    binary: 'tofu',
    stack: join(import.meta.dirname, '../..', settingsOf(environment).stack),
    log: (text) => process.stdout.write(text),
    env: { ...process.env, ...given },
  });

/** Tells whether an environment's stack has the hashes of its providers. */
export const isLocked = (environment: string): boolean =>
  existsSync(join(import.meta.dirname, '../../stacks/locks', `${environment}.lock.hcl`));

/**
 * Connects a stack with its state. The backend gets its keys from a file. It would read
 * AWS_ACCESS_KEY_ID, but that belongs to Route 53.
 *
 * @param locked whether the stack has a lock file, so that no provider of another hash is taken
 */
export async function initState(
  tofu: Tofu,
  accessKey: string,
  secretKey: string,
  locked = false,
): Promise<void> {
  const lock = locked ? ['-lockfile=readonly'] : [];
  const folder = mkdtempSync(join(tmpdir(), 'backend-'));
  const file = join(folder, 'keys.tfbackend');
  try {
    const lines = [`access_key = ${JSON.stringify(accessKey)}`, `secret_key = ${JSON.stringify(secretKey)}`];
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
    await tofu(['init', '-reconfigure', `-backend-config=${file}`, ...lock]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
