import { resolve as lookUp } from 'node:dns/promises';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Endpoint, shared } from '../environments.ts';
import { Problem } from './problem.ts';
import type { Dns, Surroundings } from './surroundings.ts';

/** Answers of a resolver that mean: no such record. */
const ABSENT: ReadonlySet<string> = new Set(['ENODATA', 'ENOTFOUND']);
const AGAIN = 'look at the connection of this machine, and run this again';

/** Fetches, or says which host does not answer. */
export const reachable: typeof fetch = async (input, init) => {
  try {
    return await fetch(input, init);
  } catch (cause) {
    const { host } = new URL(new Request(input).url);
    throw new Problem(`${host} does not answer: ${AGAIN}.`, { cause });
  }
};

async function records<Value>(name: string, asked: Promise<Value[]>): Promise<Value[]> {
  try {
    return await asked;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (ABSENT.has(code)) return [];
    throw new Problem(`The resolver does not tell the records of ${name} (${code}): ${AGAIN}.`, { cause });
  }
}

export const realDns: Dns = {
  nameServers: (name) => records(name, lookUp(name, 'NS')),
  caIssuers: async (name) =>
    (await records(name, lookUp(name, 'CAA'))).flatMap(({ issue }) => (issue === undefined ? [] : [issue])),
  cname: (name) => records(name, lookUp(name, 'CNAME')),
};

/** Lists the buckets of a project. */
export const listBuckets: Surroundings['buckets'] = async ({ accessKey, secretKey, projectId }) => {
  const client = new S3Client({
    region: shared.region,
    endpoint: s3Endpoint(shared.region),
    // Names the project, as Scaleway's own command line does. A key has a preferred project
    // otherwise.
    credentials: { accessKeyId: `${accessKey}@${projectId}`, secretAccessKey: secretKey },
  });
  try {
    const { Buckets: found = [] } = await client.send(new ListBucketsCommand());
    return found.flatMap(({ Name }) => Name ?? []);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.name : String(cause);
    throw new Problem(
      `Scaleway does not list the buckets of the project ${projectId} (${reason}): see that your key is an Owner's.`,
      { cause },
    );
  }
};
