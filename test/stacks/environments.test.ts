import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  environmentNamed,
  environments,
  type ContainerSize,
  type Environment,
} from '../../stacks/environments.ts';
import { checkConformity } from './support/conformity.ts';
import { checkReferences } from './support/references.ts';
import { bootstrapJson, environmentJson, get, isObject, productionJson } from './support/stack-json.ts';

const staging: Environment = {
  ...environments.production,
  hostname: 'koe.meemit.mainittu.fi',
  mediaBucket: 'meemikansio-media-staging',
  backupBucket: 'meemikansio-backups-staging',
  uploadBucket: 'meemikansio-uploads-staging',
  containerNamespace: 'meemikansio-staging',
  outputPrefix: 'STAGING_',
};

const keysAt = (stack: ReturnType<typeof productionJson>, path: string): string[] => {
  const found = get(stack, path);
  return isObject(found) ? Object.keys(found).sort() : [];
};

describe('an environment', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is found by its name', () => {
    expect(environmentNamed('production').hostname).toBe('meemit.mainittu.fi');
  });

  it.each(['prodution', 'Production', '', 'constructor', '__proto__'])('is not "%s"', (name) => {
    expect(() => environmentNamed(name)).toThrow(`Unknown environment "${name}". Known: production.`);
  });

  it.each(['development', 'staging', ''])('does not depend on NODE_ENV (%j)', (value) => {
    const before = productionJson();
    vi.stubEnv('NODE_ENV', value);
    expect(productionJson()).toEqual(before);
  });
});

describe('a second environment', () => {
  const stack = environmentJson('staging', staging);

  it('has everything of its own', () => {
    expect(get(stack, 'terraform.backend.s3.key')).toBe('staging.tfstate');
    expect(get(stack, 'resource.scaleway_object_bucket.media_bucket.name')).toBe('meemikansio-media-staging');
    expect(get(stack, 'resource.scaleway_container_namespace.app_namespace.name')).toBe(
      'meemikansio-staging',
    );
    expect(get(stack, 'resource.aws_route53_record.site_record.name')).toBe('koe.meemit.mainittu.fi');
    expect(get(stack, 'output.site_url.value')).toBe('https://koe.meemit.mainittu.fi');
    expect(JSON.stringify(stack)).not.toContain('"meemit.mainittu.fi"');
  });

  it('runs the images of the same registry, and fits the providers', () => {
    expect(get(stack, 'output.registry_endpoint.value')).toBe(
      get(productionJson(), 'output.registry_endpoint.value'),
    );
    expect([...checkConformity(stack), ...checkReferences(stack)]).toEqual([]);
  });

  it('gets its own key for its bucket, under a name of its own', () => {
    const bootstrap = bootstrapJson({ environments: { ...environments, staging } });
    expect(keysAt(bootstrap, 'output')).toEqual([
      'BUILD_SCW_SECRET_KEY',
      'MEDIA_APPLICATION_ID',
      'PLAN_SCW_ACCESS_KEY',
      'PLAN_SCW_SECRET_KEY',
      'RELEASE_APPLICATION_ID',
      'S3_ACCESS_KEY_ID',
      'S3_SECRET_ACCESS_KEY',
      'SCW_ACCESS_KEY',
      'SCW_ORGANIZATION_ID',
      'SCW_PROJECT_ID',
      'SCW_SECRET_KEY',
      'STAGING_MEDIA_APPLICATION_ID',
      'STAGING_S3_ACCESS_KEY_ID',
      'STAGING_S3_SECRET_ACCESS_KEY',
    ]);
    expect(keysAt(bootstrap, 'resource.scaleway_iam_application')).toContain('media_staging_application');
    expect([...checkConformity(bootstrap), ...checkReferences(bootstrap)]).toEqual([]);
  });

  it('cannot take the outputs of another', () => {
    const taken = { ...environments, staging: { ...staging, outputPrefix: '' as const } };
    expect(() => bootstrapJson({ environments: taken })).toThrow('S3_ACCESS_KEY_ID');
  });
});

describe('a rotation', () => {
  it('keeps the old key while it hands out the new one', () => {
    const rotating = { production: { ...environments.production, mediaKeys: ['1', '2'] as const } };
    const stack = bootstrapJson({ environments: rotating });
    expect(keysAt(stack, 'resource.scaleway_iam_api_key')).toEqual([
      'build_key_1',
      'media_production_key_1',
      'media_production_key_2',
      'plan_key_1',
      'release_key_1',
    ]);
    expect(get(stack, 'output.S3_ACCESS_KEY_ID.value')).toBe(
      '${scaleway_iam_api_key.media_production_key_2.access_key}',
    );
  });
});

describe('the size of a container', () => {
  it.each<[change: Partial<ContainerSize>, said: string]>([
    [{ cpuMillicores: 50 }, 'container.cpuMillicores is 50; Scaleway accepts whole numbers from 70 to 6000.'],
    [{ memoryMegabytes: 1024.5 }, 'container.memoryMegabytes is 1024.5;'],
    [{ memoryMegabytes: 16_000 }, 'container.memoryMegabytes is 16000;'],
    [{ timeoutSeconds: 0 }, 'container.timeoutSeconds is 0;'],
    [{ concurrentRequests: 81 }, 'container.concurrentRequests is 81;'],
    [{ maxScale: 0 }, 'container.maxScale is 0;'],
    [{ minScale: 2 }, 'container.minScale is 2, above maxScale 1.'],
    [{ minScale: Number.NaN }, 'container.minScale is NaN;'],
  ])('is refused as %j', (change, said) => {
    const environment = {
      ...environments.production,
      container: { ...environments.production.container, ...change },
    };
    expect(() => environmentJson('production', environment)).toThrow(said);
  });
});

describe('the passkeys of administrators', () => {
  it('are not required, unless an environment does', () => {
    const plain = 'resource.scaleway_container.app_container.environment_variables';
    expect(keysAt(productionJson(), plain)).not.toContain('REQUIRE_ADMIN_PASSKEY');
    const strict = environmentJson('staging', { ...staging, requireAdminPasskey: true });
    expect(get(strict, `${plain}.REQUIRE_ADMIN_PASSKEY`)).toBe('on');
  });
});

describe('metrics', () => {
  const secrets = 'resource.scaleway_container.app_container.secret_environment_variables';

  it('are off, unless an environment turns them on: the token follows from the secret', () => {
    expect(keysAt(productionJson(), secrets)).not.toContain('METRICS_TOKEN');
    const measured = environmentJson('staging', { ...staging, metrics: true });
    expect(get(measured, `${secrets}.METRICS_TOKEN`)).toBe('${sha256("${var.jwt_secret} metrics")}');
    expect([...checkConformity(measured), ...checkReferences(measured)]).toEqual([]);
  });
});
