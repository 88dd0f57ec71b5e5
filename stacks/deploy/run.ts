import { spawn } from 'node:child_process';
import type { Redaction } from './redaction.ts';
import type { Run } from './surroundings.ts';

interface Options {
  cwd: string;
  env: NodeJS.ProcessEnv;
  redaction: Redaction;
  /** Receives what a command prints, line by line. */
  show: (line: string) => void;
}

/**
 * Runs commands of this machine. A secret on a command line is refused: any process could read it.
 */
export const commandsOf =
  ({ cwd, env, redaction, show }: Options): Run =>
  (command, args, given = {}) => {
    if (args.some((arg) => redaction.holds(arg)))
      throw new Error(`A secret would be on the command line of ${command}.`);
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd, env: { ...env, ...given.env } });
      const printed = { stdout: '', stderr: '' };
      let line = '';
      const take = (stream: keyof typeof printed) => (chunk: string) => {
        printed[stream] += chunk;
        if (!given.show) return;
        // Whole lines: a secret may come in two parts.
        const lines = (line + chunk).split('\n');
        line = lines.pop() ?? '';
        for (const one of lines) show(one);
      };
      child.stdout.setEncoding('utf8').on('data', take('stdout'));
      child.stderr.setEncoding('utf8').on('data', take('stderr'));
      // A command that reads nothing may end before it is given everything.
      child.stdin.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') reject(error);
      });
      child.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' ? resolve({ code: 127, stdout: '', stderr: error.message }) : reject(error),
      );
      child.on('close', (code) => {
        if (line !== '') show(line);
        resolve({ code: code ?? 1, ...printed });
      });
      child.stdin.end(given.input ?? '');
    });
  };
