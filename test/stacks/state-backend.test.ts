import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unlockState } from '../../.github/scripts/deployment.ts';
import { tofuIn, type Tofu } from '../../.github/scripts/tofu.ts';
import { startS3Server, type S3Server } from '../support/servers/s3-server.ts';
import { findTerraform, NO_TERRAFORM, runTerraform, type Outcome } from '../support/terraform.ts';
import { get, productionJson, remove, set, type JsonObject } from './support/stack-json.ts';
import { WAIT_HANGS_AFTER_MS } from '../support/hang-guard.ts';

// Real: the terraform or tofu binary, the S3 server, production's backend block. Replaced: the
// address in that block. The resources are built-in ones with a given duration.

const terraform = findTerraform();
const BUCKET = 'state';
const STATE = 'production.tfstate';
const LOCK = `${STATE}.tflock`;

let folder: string;
let server: S3Server | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-backend-'));
  if (terraform) server = await startS3Server();
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

function running(): S3Server {
  if (!server) throw new Error('The S3 server is not running.');
  return server;
}

function client(): S3Client {
  const { endpoint, region, accessKeyId, secretAccessKey } = running();
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
}

async function keys(): Promise<string[]> {
  const { Contents: contents = [] } = await client().send(new ListObjectsV2Command({ Bucket: BUCKET }));
  return contents.map(({ Key: key = '' }) => key);
}

async function state(): Promise<JsonObject> {
  const { Body: body } = await client().send(new GetObjectCommand({ Bucket: BUCKET, Key: STATE }));
  return JSON.parse((await body?.transformToString()) ?? '');
}

/** Returns production's `terraform` block with the local server's address. */
function terraformBlock(): JsonObject {
  const stack = productionJson();
  set(stack, 'terraform.backend.s3.endpoints.s3', running().endpoint);
  set(stack, 'terraform.backend.s3.bucket', BUCKET);
  set(stack, 'terraform.backend.s3.region', running().region);
  return {
    required_version: get(stack, 'terraform.required_version') ?? '',
    backend: get(stack, 'terraform.backend') ?? {},
  };
}

interface Workplace {
  init(secretKey?: string): Promise<Outcome>;
  apply(...args: string[]): Promise<Outcome>;
  tofu: Tofu;
}

/** Makes a checkout with a configuration that takes some seconds to apply. */
async function workplace(
  name: string,
  { seconds = 0, block = terraformBlock() }: { seconds?: number; block?: JsonObject } = {},
): Promise<Workplace> {
  const home = join(folder, name);
  await mkdir(home);
  await writeFile(
    join(home, 'cdk.tf.json'),
    JSON.stringify({
      terraform: block,
      resource: {
        terraform_data: {
          [name]: { input: name, provisioner: [{ 'local-exec': { command: `sleep ${seconds}` } }] },
        },
      },
    }),
  );
  // The environment of a release: these keys belong to Route 53, and the backend must not use them.
  const env = { AWS_ACCESS_KEY_ID: 'AKIAROUTE53', AWS_SECRET_ACCESS_KEY: 'not for this server' };
  const run = (...args: string[]): Promise<Outcome> => runTerraform(terraform ?? '', home, args, env);
  return {
    init: (secretKey = running().secretAccessKey) =>
      run(
        'init',
        `-backend-config=access_key=${running().accessKeyId}`,
        `-backend-config=secret_key=${secretKey}`,
      ),
    apply: (...args) => run('apply', '-auto-approve', ...args),
    tofu: tofuIn({
      binary: terraform ?? '',
      stack: home,
      log: () => {},
      env: { PATH: process.env['PATH'], HOME: home, ...env },
    }),
  };
}

async function untilLocked(): Promise<void> {
  const deadline = Date.now() + WAIT_HANGS_AFTER_MS;
  while (!(await keys()).includes(LOCK)) {
    if (Date.now() > deadline) throw new Error('Nobody took the lock.');
    await sleep(50);
  }
}

describe("production's state backend on an S3 server", () => {
  beforeAll(async () => {
    if (terraform) await client().send(new CreateBucketCommand({ Bucket: BUCKET }));
  });

  beforeEach((context) => context.skip(!terraform, NO_TERRAFORM));

  it('takes the keys it is given at init and keeps the state, without a lock left behind', async () => {
    const place = await workplace('first');
    expect(await place.init()).toMatchObject({ code: 0 });
    expect(await place.apply()).toMatchObject({ code: 0 });
    expect(await keys()).toEqual([STATE]);
    expect(await state()).toMatchObject({
      version: 4,
      resources: [{ type: 'terraform_data', name: 'first' }],
    });
  });

  it('says that the keys are wrong instead of starting an empty state', async () => {
    const place = await workplace('stranger');
    const { code, output } = await place.init('wrong');
    expect(code).not.toBe(0);
    expect(output).toMatch(/SignatureDoesNotMatch|Forbidden|403/);
  });

  it('lets a second apply fail cleanly, or wait if told to, while one is under way', async () => {
    const [slow, hasty, patient] = [
      await workplace('slow', { seconds: 4 }),
      await workplace('hasty'),
      await workplace('patient'),
    ];
    for (const place of [slow, hasty, patient]) expect(await place.init()).toMatchObject({ code: 0 });

    const slowly = slow.apply();
    await untilLocked();
    const order: string[] = [];
    const outcomes = await Promise.all([
      slowly.finally(() => order.push('slow')),
      hasty.apply().finally(() => order.push('hasty')),
      patient.apply('-lock-timeout=60s').finally(() => order.push('patient')),
    ]);

    expect(order).toEqual(['hasty', 'slow', 'patient']);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 1, 0]);
    expect(outcomes[1].output).toContain('Error acquiring the state lock');
    // The failed run changed nothing; the waiting run came last.
    expect(await state()).toMatchObject({ resources: [{ name: 'patient' }] });
    expect(await keys()).toEqual([STATE]);
  });

  it('is unlocked by the id that the failed run shows', async () => {
    const left = { ID: '8c9b2c0e-5f51-4b7e-9a0c-1d2e3f4a5b6c', Operation: 'OperationTypeApply', Who: 'gone' };
    await client().send(new PutObjectCommand({ Bucket: BUCKET, Key: LOCK, Body: JSON.stringify(left) }));
    const place = await workplace('locked-out');
    expect(await place.init()).toMatchObject({ code: 0 });
    const { code, output } = await place.apply();
    expect(code).toBe(1);
    const [, lock = ''] = /Lock Info:\s+ID: +(\S+)/.exec(output.replaceAll(/[│|]/g, '')) ?? [];
    await unlockState({ tofu: place.tofu }, lock);
    expect(await place.apply()).toMatchObject({ code: 0 });
  });

  it('would not lock without the flag', async () => {
    const block = terraformBlock();
    remove(block, 'backend.s3.use_lockfile');
    set(block, 'backend.s3.key', 'unlocked.tfstate');
    const place = await workplace('unlocked', { seconds: 2, block });
    expect(await place.init()).toMatchObject({ code: 0 });
    const seen = new Set<string>();
    const applying = place.apply();
    const watching = setInterval(
      () => void keys().then((found) => found.forEach((key) => seen.add(key))),
      50,
    );
    expect(await applying).toMatchObject({ code: 0 });
    clearInterval(watching);
    expect([...seen]).not.toContain('unlocked.tfstate.tflock');
    expect(await keys()).toContain('unlocked.tfstate');
  });
});
