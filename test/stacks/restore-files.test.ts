import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environments } from '../../stacks/environments.ts';
import { missingS3Server, startS3Server, type S3Server } from '../support/servers/s3-server.ts';

// Follows "Restore files" literally, in bash, on a real S3 server. Only the command `aws s3api` is
// replaced.

const ROOT = join(import.meta.dirname, '../..');
const DOCS = join(ROOT, 'docs');
const Bucket = environments.production.mediaBucket;
const missing = missingS3Server();
const because = missing === undefined ? '' : `: ${missing}`;

/** Returns the commands of the page that has them. */
async function commands(): Promise<string> {
  const names = (await readdir(DOCS)).filter((name) => name.endsWith('.md'));
  for (const name of names) {
    const found = /<!-- followed: restore files -->\n+```sh\n([\s\S]*?)```/.exec(
      await readFile(join(DOCS, name), 'utf8'),
    )?.[1];
    if (found !== undefined) return found;
  }
  throw new Error('No page has the commands.');
}

describe.skipIf(missing !== undefined)(`restoring files, as the page says,${because}`, () => {
  let server: S3Server;
  let client: S3Client;
  let folder: string;
  beforeAll(async () => {
    server = await startS3Server();
    const { endpoint, region, accessKeyId, secretAccessKey } = server;
    const credentials = { accessKeyId, secretAccessKey };
    client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
    folder = await mkdtemp(join(tmpdir(), 'restore-files-'));
    const command = join(folder, 's3api');
    const standIn = join(ROOT, 'test/stacks/support/s3api.process.ts');
    await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${standIn}" "$@"\n`);
    await chmod(command, 0o755);
    await client.send(new CreateBucketCommand({ Bucket }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function follow(since: string): Promise<{ output: string; error: Error | null }> {
    const text = (await commands()).replace(/\d{4}-\d\d-\d\d/, since);
    const env = {
      PATH: `${folder}:${process.env['PATH']}`,
      ENDPOINT: server.endpoint,
      AWS_REGION: server.region,
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    };
    return new Promise((done) =>
      execFile('bash', ['--norc', '-euo', 'pipefail', '-c', text], { env }, (error, out, err) =>
        done({ output: out + err, error }),
      ),
    );
  }

  const keys = async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key }) => Key).toSorted();
  };

  it('does nothing where nothing was deleted', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'kept.png', Body: 'kept' }));
    expect(await follow('2000-01-01')).toEqual({ output: '', error: null });
    // A deletion of a key that does not exist would leave a marker.
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    expect([...Versions, ...DeleteMarkers].map(({ Key }) => Key)).toEqual(['kept.png']);
  });

  it('brings back what was deleted since a day, and nothing that was deleted before', async () => {
    const deleted = ['0b6e.png', '7c1f.webp'];
    for (const Key of deleted) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    }
    expect(await keys()).toEqual(['kept.png']);

    expect(await follow('9999-01-01')).toEqual({ output: '', error: null });
    expect(await keys()).toEqual(['kept.png']);

    const { output, error } = await follow('2000-01-01');
    expect(error, output).toBeNull();
    expect(await keys()).toEqual([...deleted, 'kept.png'].toSorted());
  });
});
