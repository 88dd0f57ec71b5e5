import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** How one command ended, with what it printed to both streams. */
export interface Ran {
  code: number | null;
  output: string;
}

/** A copy of the project's files in a temporary folder, as a Git repository without packages. */
export interface ProjectCopy extends AsyncDisposable {
  root: string;
  /** Runs a shell command in the copy, as a person in a terminal does. */
  run(command: string, env?: Record<string, string>): Promise<Ran>;
  /** Runs a command until it has printed `ready`, then interrupts its process group. */
  runUntil(command: string, ready: RegExp, env?: Record<string, string>): Promise<Ran>;
}

/**
 * Copies what Git tracks, and what it would track, to a temporary folder. Commits it there, and
 * names the commit `origin/main`.
 */
export async function copyProject(): Promise<ProjectCopy> {
  const root = await mkdtemp(join(tmpdir(), 'meemikansio-project-'));
  const listed = execFileSync('git', ['ls-files', '-zco', '--exclude-standard'], { cwd: ROOT });
  for (const file of listed.toString().split('\0').filter(Boolean)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    // A file deleted in the working tree is still listed.
    await cp(join(ROOT, file), join(root, file), { recursive: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      },
    );
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], {
      cwd: root,
    });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'chore: copy the project');
  git('update-ref', 'refs/remotes/origin/main', 'HEAD');

  const start = (command: string, env: Record<string, string>) => {
    const child = spawn(command, { cwd: root, shell: true, detached: true, env: { ...inherited(), ...env } });
    let output = '';
    const listeners: ((output: string) => void)[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        for (const listener of listeners) listener(output);
      });
    const ended = new Promise<Ran>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, output }));
    });
    return { child, ended, listeners };
  };
  return {
    root,
    run: (command, env = {}) => start(command, env).ended,
    runUntil: (command, ready, env = {}) => {
      const { child, ended, listeners } = start(command, env);
      let interrupted = false;
      listeners.push((output) => {
        if (interrupted || !ready.test(output) || child.pid === undefined) return;
        interrupted = true;
        // Ctrl+C in a terminal reaches the whole group.
        process.kill(-child.pid, 'SIGINT');
      });
      return ended;
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Returns the environment without the variables of the test runner and of npm's own scripts. */
function inherited(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_ENV$|MODE$|DEV$|PROD$|SSR$|TEST$|BASE_URL$|npm_|INIT_CWD$|CI$)/.test(name),
  );
  const path = (process.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => !folder.includes('node_modules/.bin'));
  return { ...Object.fromEntries(kept), PATH: path.join(':') };
}
