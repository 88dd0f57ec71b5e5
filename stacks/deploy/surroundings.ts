import type { Answers } from './answers.ts';
import { Problem } from './problem.ts';

export interface Outcome {
  /** 127 if there is no such command. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface Given {
  /** Standard input: the place of secrets. Every process of a machine can read a command line. */
  input?: string;
  /** Further environment variables. */
  env?: Record<string, string>;
  /** Shows what the command prints, without secrets. */
  show?: boolean;
}

export type Run = (command: string, args: readonly string[], given?: Given) => Promise<Outcome>;

/** Records of a name; empty if there are none. */
export interface Dns {
  nameServers(name: string): Promise<string[]>;
  /** Values of the tag `issue`. */
  caIssuers(name: string): Promise<string[]>;
  cname(name: string): Promise<string[]>;
}

/** Files at the top of the repository. */
export interface Files {
  read(name: string): string | null;
  /** Writes a file that only its owner can read. */
  write(name: string, text: string): void;
  remove(name: string): void;
}

/** The parts of a stack or of its state. */
export interface StackParts {
  /** Addresses such as `scaleway_object_bucket.state_bucket`. */
  resources: readonly string[];
  outputs: readonly string[];
}

/** Everything outside that the deployment touches. Tests replace all of it. */
export interface Surroundings {
  run: Run;
  fetch: typeof fetch;
  dns: Dns;
  files: Files;
  answers: Answers;
  /** Returns the version of a database, in the form of `server_version_num`: 170002. */
  databaseVersion(url: string, ca: string): Promise<number>;
  /** Names of the buckets of a Scaleway project. */
  buckets(key: { accessKey: string; secretKey: string; projectId: string }): Promise<string[]>;
  /** Returns the parts of the bootstrap stack. */
  bootstrapParts(): Promise<StackParts>;
  /** Returns a random secret of 64 hexadecimal digits. */
  randomSecret(): string;
  wait(ms: number): Promise<void>;
  /** Tells a secret: no line shows it from now on, and no command line may hold it. */
  hide(secret: string): void;
  /** Shows a line, without secrets. */
  tell(text: string): void;
}

/**
 * Runs a command. Returns what it printed.
 *
 * @throws Problem with its own last line, if it fails
 */
export async function printed(
  on: Pick<Surroundings, 'run'>,
  command: string,
  args: readonly string[],
  given: Given = {},
): Promise<string> {
  const { code, stdout, stderr } = await on.run(command, args, given);
  if (code === 0) return stdout;
  const reason = stderr.trim().split('\n').at(-1) || `exit code ${code}`;
  throw new Problem(
    `${command} ${args.slice(0, 2).join(' ')} failed (${reason}): mend it, and run this again.`,
  );
}
