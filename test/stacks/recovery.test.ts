import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { environments, shared, type Environment } from '../../stacks/environments.ts';
import { startS3Server, type S3Server } from '../support/servers/s3-server.ts';
import { findTerraform, NO_TERRAFORM } from '../support/terraform.ts';
import { initStack, type AppliedStack } from './support/applied.ts';
import { bootstrapJson, environmentJson, get, set, type Json } from './support/stack-json.ts';

// Follows the commands of docs/deploy.md and docs/recovery.md literally, in bash. Real: the
// terraform or tofu binary, the stacks, the S3 server of the state. Replaced: the two clouds, and
// the `aws` command.

const ROOT = join(import.meta.dirname, '../..');
const pages = ['docs/deploy.md', 'docs/recovery.md'].map((name) => readFile(join(ROOT, name), 'utf8'));
const page = (await Promise.all(pages)).join('\n');
const terraform = findTerraform();
const STATE = 'production.tfstate';
const commit = (digit: string) => digit.repeat(40);

let folder: string;
let server: S3Server | undefined;
let cloud: AppliedStack;

/** Returns the commands of the page under a mark. */
function commandsOf(name: string): string {
  const found = new RegExp(`<!-- followed: ${name} -->\\n+\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  if (found === undefined) throw new Error(`The pages have no commands "${name}".`);
  return found;
}

const client = (): S3Client => {
  if (!server) throw new Error('The S3 server is not running.');
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
};

/** Sets what `npm run synth` makes, from the settings of an environment. */
async function synthesizes(settings: Environment): Promise<void> {
  const stack = environmentJson('production', settings);
  set(stack, 'terraform.backend.s3.endpoints.s3', server?.endpoint ?? '');
  set(stack, 'terraform.backend.s3.region', server?.region ?? '');
  await writeFile(join(folder, 'synthesized.json'), JSON.stringify(stack));
}

async function command(name: string, script: string): Promise<void> {
  await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'bin', name), 0o755);
}

/** Runs commands in bash at the top of the repository. Every question is answered with yes. */
async function follow(commands: string): Promise<{ code: number; output: string }> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
    cwd: folder,
    env: {
      ...cloud.env,
      PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
      ENDPOINT: server?.endpoint,
      SCW_ACCESS_KEY: server?.accessKeyId,
      SCW_SECRET_KEY: server?.secretAccessKey,
      AWS_ACCESS_KEY_ID: server?.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server?.secretAccessKey,
      AWS_DEFAULT_REGION: server?.region,
      AWS_REGION: server?.region,
      TF_VAR_image_tag: commit('0'),
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // A command that asks nothing may end before it is answered.
  child.stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  child.stdin.end('yes\n');
  const [code] = await once(child, 'close');
  return { code: Number(code), output };
}

async function stored(VersionId?: string): Promise<Json> {
  const { Body } = await client().send(
    new GetObjectCommand({ Bucket: shared.stateBucket, Key: STATE, VersionId }),
  );
  return JSON.parse((await Body?.transformToString()) ?? '');
}

const resourcesIn = (state: Json): Json[] => {
  const found = get(state, 'resources');
  return Array.isArray(found) ? found : [];
};
const attributes = (state: Json, type: string, name?: string): Json | undefined =>
  get(
    resourcesIn(state).find(
      (one) => get(one, 'type') === type && (name === undefined || get(one, 'name') === name),
    ) ?? null,
    'instances.0.attributes',
  );
const imageIn = (state: Json) => get(attributes(state, 'scaleway_container') ?? null, 'image');

/** Puts the operator's keys of the state into their file, as the page tells. */
const keysOfState = () =>
  follow(
    commandsOf('by hand')
      .split('\n')
      .filter((line) => line.includes('printf'))
      .join('\n'),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recovery-'));
  if (!terraform) return;
  server = await startS3Server();
  await client().send(new CreateBucketCommand({ Bucket: shared.stateBucket }));
  await client().send(
    new PutBucketVersioningCommand({
      Bucket: shared.stateBucket,
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  cloud = await initStack(terraform, join(folder, 'bootstrap'), bootstrapJson());
  await cloud.setWorld({
    scaleway_container: { status: 'ready', error_message: '', public_endpoint: 'https://app.example' },
  });
  const home = join(folder, 'cdktf.out/stacks/production');
  await mkdir(home, { recursive: true });
  await mkdir(join(folder, 'bin'));
  await command('npm', `cp "${join(folder, 'synthesized.json')}" "${join(home, 'cdk.tf.json')}"`);
  await command('tofu', `exec "${terraform}" "$@"`);
  await command(
    's3api',
    `exec "${process.execPath}" "${join(ROOT, 'test/stacks/support/s3api.process.ts')}" "$@"`,
  );
  await synthesizes(environments.production);
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach((context) => context.skip(!terraform, NO_TERRAFORM));

describe('docs/deploy.md and docs/recovery.md, followed literally,', () => {
  it('deploys by hand, and leaves neither plan nor keys behind', async () => {
    for (const digit of ['1', '2']) {
      const { code, output } = await follow(commandsOf('by hand').replace('COMMIT', commit(digit)));
      expect(code, output).toBe(0);
      expect(imageIn(await stored())).toMatch(new RegExp(`:${commit(digit)}$`));
    }
    for (const name of ['state.tfbackend', 'cdktf.out/stacks/production/release.tfplan'])
      expect(existsSync(join(folder, name)), name).toBe(false);
  });

  it('brings an older state back', async () => {
    await keysOfState();
    const { Versions: versions = [] } = await client().send(
      new ListObjectVersionsCommand({ Bucket: shared.stateBucket, Prefix: STATE }),
    );
    const ids = versions.filter(({ Key }) => Key === STATE).map(({ VersionId = '' }) => VersionId);
    const images = await Promise.all(ids.map(async (id) => imageIn(await stored(id))));
    const before = ids[images.findIndex((image) => JSON.stringify(image ?? '').includes(commit('1')))];
    const commands = commandsOf('restore the state').replace('VERSION', before ?? 'none');

    const without = await follow(commands.replace(' -force', ''));
    expect(without.output).toMatch(/serial/);
    expect(imageIn(await stored())).toMatch(new RegExp(`:${commit('2')}$`));

    const { code, output } = await follow(commands);
    expect(code, output).toBe(0);
    expect(output).toContain(before);
    expect(imageIn(await stored())).toMatch(new RegExp(`:${commit('1')}$`));
  });

  it('moves to another region without destroying the old bucket', async () => {
    const moved = {
      ...environments.production,
      region: 'nl-ams',
      mediaBucket: 'meemikansio-media-nl',
      backupBucket: 'meemikansio-backups-nl',
      uploadBucket: 'meemikansio-uploads-nl',
    } as const;
    await synthesizes(moved);
    const { code, output } = await follow(commandsOf('move to another region'));
    expect(code, output).toBe(0);
    const release = await follow(commandsOf('by hand').replace('COMMIT', commit('3')));
    expect(release.code, release.output).toBe(0);
    expect(release.output).not.toMatch(/scaleway_object_bucket.(media|backups|uploads)_bucket: Destroying/);
    for (const [name, bucket] of [
      ['media_bucket', moved.mediaBucket],
      ['backups_bucket', moved.backupBucket],
      ['uploads_bucket', moved.uploadBucket],
    ] as const)
      expect(attributes(await stored(), 'scaleway_object_bucket', name)).toMatchObject({ name: bucket });
  });

  it('destroys everything, in an order that forgets nothing', async () => {
    await keysOfState();
    await synthesizes({ ...environments.production, protectData: false });
    const { code, output } = await follow(commandsOf('destroy everything'));
    expect(code, output).toBe(0);
    for (const name of ['media', 'backups', 'uploads'])
      expect(output).toContain(`scaleway_object_bucket.${name}_bucket: Destruction complete`);
    expect(resourcesIn(await stored())).toEqual([]);

    // Emptied before that, the bucket would have taken the state with it.
    const { Contents: contents = [] } = await client().send(
      new ListObjectsV2Command({ Bucket: shared.stateBucket }),
    );
    for (const { Key } of contents)
      await client().send(new DeleteObjectCommand({ Bucket: shared.stateBucket, Key }));
    const late = await follow(commandsOf('destroy everything'));
    expect(late.output).toMatch(/No changes|0 destroyed/);
    expect(page.indexOf('production destroy\n```')).toBeLessThan(page.indexOf('empty the state bucket'));
  });

  it('destroys the bootstrap last', async () => {
    const stack = bootstrapJson({ settings: { ...shared, protectData: false } });
    const last = await initStack(terraform ?? '', join(folder, 'last'), stack);
    expect(await last.run(['apply', '-auto-approve'])).toMatchObject({ code: 0 });
    expect(await last.run(['destroy', '-auto-approve'])).toMatchObject({ code: 0 });
    expect(await last.stateOf('scaleway_object_bucket')).toBe('[]');
  });
});
