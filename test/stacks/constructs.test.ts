import { App, Testing, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { BaseStack } from '../../stacks/base.stack.ts';
import { AppContainer } from '../../stacks/constructs/app-container.ts';
import { BackupBucket } from '../../stacks/constructs/backup-bucket.ts';
import { ImageRegistry } from '../../stacks/constructs/image-registry.ts';
import { MediaBucket } from '../../stacks/constructs/media-bucket.ts';
import { NightlyTrigger } from '../../stacks/constructs/nightly-trigger.ts';
import { ServiceAccount } from '../../stacks/constructs/service-account.ts';
import { SiteDomain } from '../../stacks/constructs/site-domain.ts';
import { stateBackend } from '../../stacks/constructs/state-backend.ts';
import { StateBucket } from '../../stacks/constructs/state-bucket.ts';
import { UploadBucket } from '../../stacks/constructs/upload-bucket.ts';
import { environments, shared } from '../../stacks/environments.ts';
import { isObject, type Json, type JsonObject } from './support/stack-json.ts';

const location = { projectId: 'PROJECT', region: 'fr-par' };

/** Parses policies, which are JSON in a text, so that a change shows as one line. */
function readable(value: Json): Json {
  if (Array.isArray(value)) return value.map(readable);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [
    key,
    key === 'policy' && typeof item === 'string' ? JSON.parse(item) : readable(item),
  ]);
  return Object.fromEntries(entries);
}

/** Returns the JSON that one construct adds to a stack. */
function made(part: 'resource' | 'terraform', make: (scope: BaseStack) => void): string {
  const stack = new BaseStack(new App(), 'test');
  make(stack);
  const json: JsonObject = JSON.parse(Testing.synth(stack));
  return `${JSON.stringify(readable(json[part] ?? {}), null, 2)}\n`;
}

const constructs: Record<string, (scope: Construct) => void> = {
  'media-bucket': (scope) =>
    void new MediaBucket(scope, 'media', {
      ...location,
      name: 'media-bucket',
      siteUrl: 'https://meemit.example',
      mediaApplicationId: 'APP',
      releaseApplicationId: 'RELEASE',
      abortUploadsAfterDays: 1,
      deletedFilesDays: 30,
      protectData: true,
    }),
  'backup-bucket': (scope) =>
    void new BackupBucket(scope, 'backups', {
      ...location,
      name: 'backup-bucket',
      mediaApplicationId: 'APP',
      releaseApplicationId: 'RELEASE',
      days: environments.production.backupDays,
      deletedFilesDays: 30,
      protectData: true,
    }),
  'upload-bucket': (scope) =>
    void new UploadBucket(scope, 'uploads', {
      ...location,
      name: 'upload-bucket',
      mediaApplicationId: 'APP',
      releaseApplicationId: 'RELEASE',
      partDays: 2,
      protectData: true,
    }),
  'nightly-trigger': (scope) =>
    void new NightlyTrigger(scope, 'nightly', {
      containerId: 'CONTAINER',
      region: 'fr-par',
      siteUrl: 'https://meemit.example',
      jwtSecret: 'JWT',
    }),
  'state-bucket': (scope) =>
    void new StateBucket(scope, 'state', {
      ...location,
      name: 'state-bucket',
      releaseApplicationId: 'RELEASE',
      planApplicationId: 'PLAN',
      operatorUserId: 'OPERATOR',
      historyDays: 90,
      protectData: true,
    }),
  'image-registry': (scope) =>
    void new ImageRegistry(scope, 'registry', { ...location, name: 'images', protectData: true }),
  'service-account': (scope) =>
    void new ServiceAccount(scope, 'robot', {
      name: 'robot',
      description: 'Does one thing.',
      projectId: 'PROJECT',
      permissions: ['ObjectStorageObjectsWrite', 'ObjectStorageObjectsRead'],
      keys: ['1', '2'],
    }),
  'app-container': (scope) =>
    void new AppContainer(scope, 'app', {
      ...location,
      namespace: 'site',
      image: 'rg.fr-par.scw.cloud/images/site:TAG',
      size: environments.production.container,
      environment: { S3_BUCKET: 'media-bucket', S3_REGION: 'fr-par', S3_ENDPOINT: 'https://s3.example' },
      secrets: {
        DATABASE_URL: 'DATABASE',
        DATABASE_CA: 'system',
        JWT_SECRET: 'JWT',
        S3_ACCESS_KEY_ID: 'KEY',
        S3_SECRET_ACCESS_KEY: 'SECRET',
      },
      after: [],
    }),
  'site-domain': (scope) =>
    void new SiteDomain(scope, 'site', {
      hostname: 'meemit.example',
      zoneId: 'ZONE',
      containerId: 'CONTAINER',
      containerUrl: 'https://app.example',
      region: 'fr-par',
    }),
};

describe('a construct', () => {
  it.each(Object.entries(constructs))('makes of %s what it made before', async (name, make) => {
    await expect(made('resource', make)).toMatchFileSnapshot(`__snapshots__/${name}.json`);
  });

  it('makes of state-backend what it made before', async () => {
    const block = made('terraform', (stack) =>
      stateBackend(stack, { settings: shared, environment: 'production' }),
    );
    await expect(block).toMatchFileSnapshot('__snapshots__/state-backend.json');
  });

  it('lets go of data only if told to', () => {
    const prevented = made(
      'resource',
      (scope) =>
        void new ImageRegistry(scope, 'registry', { ...location, name: 'images', protectData: false }),
    );
    expect(prevented).toContain('"prevent_destroy": false');
  });

  it('has addresses that a person can type', () => {
    const stack = new BaseStack(new App(), 'test');
    constructs['media-bucket']?.(stack);
    const addresses = stack.node
      .findAll()
      .filter(TerraformResource.isTerraformResource)
      .map((resource) => `${resource.terraformResourceType}.${resource.friendlyUniqueId}`);
    expect(addresses).toEqual([
      'scaleway_object_bucket.media_bucket',
      'scaleway_object_bucket_policy.media_policy',
    ]);
  });
});
