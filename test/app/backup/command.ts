import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { run as runCommand } from '../../../app/cli/run.ts';
import { parseConfig } from '../../../app/config.ts';

const CLI = join(import.meta.dirname, '../../../app/cli.ts');

export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs a command line in this process. */
export async function run(env: Record<string, string>, ...args: string[]): Promise<Ended> {
  let [out, err] = ['', ''];
  const code = await runCommand(
    args,
    {
      out: (text) => (out += `${text}\n`),
      err: (text) => (err += `${text}\n`),
      newSecret: async () => '',
      stdin: () => Readable.from([]),
      stdout: () => new PassThrough(),
    },
    () => parseConfig({ LOG_LEVEL: 'silent', ...env }),
  );
  return { code, out, err };
}

/** Starts the real program. */
export function start(env: Record<string, string>, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'silent', ...env },
    stdio: 'ignore',
  });
}

/** Runs the real program without any configuration, until it ends. */
export function program(...args: string[]): Promise<Ended> {
  return new Promise((done) => {
    const options = { env: { PATH: process.env['PATH'], DATABASE_URL: 'postgres://127.0.0.1:1/none' } };
    const child = execFile(process.execPath, [CLI, ...args], options, (_error, out, err) =>
      done({ code: child.exitCode ?? -1, out, err }),
    );
  });
}
