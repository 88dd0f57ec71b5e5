import { randomBytes } from 'node:crypto';
import { resolve as dns } from 'node:dns/promises';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { App } from 'cdktf';
import { Client } from 'pg';
import { BootstrapStack } from '../bootstrap.stack.ts';
import { environments, s3Endpoint, shared } from '../environments.ts';
import type { Answers } from './answers.ts';
import type { Redaction } from './redaction.ts';
import { commandsOf } from './run.ts';
import type { Dns, Files, StackParts, Surroundings } from './surroundings.ts';

const CONNECT_TIMEOUT_MS = 15_000;
/** Answers of a resolver that mean: no such record. */
const ABSENT: ReadonlySet<string> = new Set(['ENODATA', 'ENOTFOUND']);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

async function orNone<Value>(records: Promise<Value[]>): Promise<Value[]> {
  try {
    return await records;
  } catch (error) {
    if (ABSENT.has(codeOf(error))) return [];
    throw error;
  }
}

const realDns: Dns = {
  nameServers: (name) => orNone(dns(name, 'NS')),
  caIssuers: async (name) =>
    (await orNone(dns(name, 'CAA'))).flatMap(({ issue }) => (issue === undefined ? [] : [issue])),
  cname: (name) => orNone(dns(name, 'CNAME')),
};

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

/** Asks a database for its version, over TLS with a verified certificate if the address says so. */
async function databaseVersion(url: string, ca: string): Promise<number> {
  const address = new URL(url);
  const verified = address.searchParams.get('sslmode') === 'verify-full';
  // pg reads these otherwise than libpq does.
  address.searchParams.delete('sslmode');
  const client = new Client({
    connectionString: address.href,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(verified && { ssl: ca === 'system' ? true : { ca: Buffer.from(ca, 'base64').toString() } }),
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    return Number(rows[0]?.server_version_num);
  } finally {
    await client.end();
  }
}

const listBuckets: Surroundings['buckets'] = async ({ accessKey, secretKey, projectId }) => {
  const client = new S3Client({
    region: shared.region,
    endpoint: s3Endpoint(shared.region),
    // Names the project, as Scaleway's own command line does. A key has a preferred project
    // otherwise.
    credentials: { accessKeyId: `${accessKey}@${projectId}`, secretAccessKey: secretKey },
  });
  const { Buckets: found = [] } = await client.send(new ListBucketsCommand());
  return found.flatMap(({ Name }) => Name ?? []);
};

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
    fetch: globalThis.fetch,
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
