import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { environmentShape, REQUIRED_FOR_S3, REQUIRED_IN_PRODUCTION } from '../../app/config.schema.ts';
import type { AppEnvironment, AppSecrets } from '../../stacks/constructs/app-container.ts';
import { goodVariables } from './support/applied.ts';
import { get, isObject, productionJson } from './support/stack-json.ts';

/**
 * Returns the environment of the container as the app reads it. Values of the right shape replace
 * references.
 */
function givenToApp(): Record<string, string> {
  const container = 'resource.scaleway_container.app_container';
  const stack = productionJson();
  const given: Record<string, string> = {};
  for (const kind of ['environment_variables', 'secret_environment_variables']) {
    const variables = get(stack, `${container}.${kind}`);
    for (const [name, value] of Object.entries(isObject(variables) ? variables : {})) {
      if (typeof value === 'string') given[name] = resolve(value);
    }
  }
  return given;
}

const values = new Map<string, string>([
  ...Object.entries(goodVariables).map(([name, value]): [string, string] => [`var.${name}`, value]),
  ['scaleway_object_bucket.media_bucket.name', 'meemikansio-media'],
  ['scaleway_object_bucket.backups_bucket.name', 'meemikansio-backups'],
  ['scaleway_object_bucket.uploads_bucket.name', 'meemikansio-uploads'],
]);

const resolve = (text: string): string =>
  text.replaceAll(/\$\{([\w.]+)\}/g, (_whole, reference: string) => {
    const value = values.get(reference);
    if (value === undefined) throw new Error(`Nothing is known of ${reference}.`);
    return value;
  });

describe('what production gives to the app', () => {
  it('is what the app can read', () => {
    const parsed = z.strictObject(environmentShape).parse(givenToApp());
    expect(parsed).toMatchObject({
      STORAGE_BACKEND: 's3',
      S3_BUCKET: 'meemikansio-media',
      BACKUP_BUCKET: 'meemikansio-backups',
      UPLOAD_BUCKET: 'meemikansio-uploads',
      S3_REGION: 'fr-par',
      S3_ENDPOINT: 'https://s3.fr-par.scw.cloud',
      PUBLIC_URL: 'https://meemit.mainittu.fi',
      STATIC_DIR: '/app/static',
    });
  });

  it('is all that the app requires there', () => {
    expect(Object.keys(givenToApp())).toEqual(
      expect.arrayContaining([...REQUIRED_IN_PRODUCTION, ...REQUIRED_FOR_S3]),
    );
  });

  it('leaves port and host to the image: the platform reserves PORT', () => {
    expect(givenToApp()).not.toHaveProperty('PORT');
  });
});

describe('what a stack may give to the app', () => {
  const whole: AppEnvironment = { S3_BUCKET: 'a', S3_REGION: 'b', S3_ENDPOINT: 'c' };

  it('must have all that the app requires and is no secret', () => {
    // @ts-expect-error S3_ENDPOINT is missing
    const less: AppEnvironment = { S3_BUCKET: 'a', S3_REGION: 'b' };
    expect(Object.keys(less)).not.toEqual(Object.keys(whole));
    expectTypeOf<keyof AppSecrets>().toEqualTypeOf<
      | 'DATABASE_URL'
      | 'DATABASE_CA'
      | 'JWT_SECRET'
      | 'METRICS_TOKEN'
      | 'OTEL_EXPORTER_OTLP_HEADERS'
      | 'S3_ACCESS_KEY_ID'
      | 'S3_SECRET_ACCESS_KEY'
    >();
  });

  it('must not have what the app does not know', () => {
    // @ts-expect-error the app reads S3_BUCKET
    const more: AppEnvironment = { ...whole, BUCKET_NAME: 'a' };
    expect(z.strictObject(environmentShape).safeParse(more).success).toBe(false);
  });

  it('must not have a secret in the open', () => {
    // @ts-expect-error JWT_SECRET belongs to the secrets
    const open: AppEnvironment = { ...whole, JWT_SECRET: 'a' };
    // @ts-expect-error and so does METRICS_TOKEN
    const further: AppEnvironment = { ...whole, METRICS_TOKEN: 'a' };
    expect([open, further]).toEqual([expect.objectContaining(whole), expect.objectContaining(whole)]);
  });
});
