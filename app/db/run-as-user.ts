import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** An unprivileged user, and the command that runs programs as that user. */
export interface Unprivileged {
  /** Owner for the files of such a program; `null` when we are not root and own everything. */
  owner: { uid: number; gid: number } | null;
  run(file: string, args: readonly string[], cwd: string): Promise<void>;
}

/**
 * Finds a user that can run PostgreSQL, which refuses to run as root.
 *
 * Without root, programs run as the current user. As root, they run as `postgres`, else as
 * `nobody`. That user often cannot reach a folder of root's, such as a clone in /root. Then
 * util-linux' setpriv leaves it the one capability it needs. Returns `null` when root has no way to
 * do this.
 *
 * @param paths the files and folders that the programs must reach
 */
export async function findUnprivileged(paths: readonly string[]): Promise<Unprivileged | null> {
  if (process.getuid?.() !== 0) return { owner: null, run: runAs({}) };
  const owner = (await idsOf('postgres')) ?? (await idsOf('nobody'));
  if (owner === null) return null;
  if (await canReach(paths, owner)) return { owner, run: runAs(owner) };
  const { uid, gid } = owner;
  const capability = '+dac_override';
  const setpriv = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=${capability}`,
    `--ambient-caps=${capability}`,
    // Without this, access(2) ignores the capability, and initdb does not find its own programs.
    '--securebits=+no_setuid_fixup',
  ];
  const run: Unprivileged['run'] = (file, args, cwd) =>
    runAs({})('setpriv', [...setpriv, '--', file, ...args], cwd);
  return run('true', [], '/').then(
    () => ({ owner, run }),
    () => null,
  );
}

const runAs =
  (identity: { uid?: number; gid?: number }): Unprivileged['run'] =>
  async (file, args, cwd) => {
    await exec(file, args, { ...identity, cwd });
  };

async function idsOf(user: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const id = async (flag: string) => Number((await exec('id', [flag, user])).stdout);
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    // The user does not exist.
    return null;
  }
}

async function canReach(paths: readonly string[], identity: { uid: number; gid: number }): Promise<boolean> {
  try {
    for (const path of paths) await exec('test', ['-x', path], { ...identity, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
