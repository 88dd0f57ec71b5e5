import { get, remove, set, type JsonObject } from './stack-json.ts';
import { all, must, mustBe, textAt, type Guarantee } from './guarantees.ts';

const container = 'resource.scaleway_container.app_container';

const rollout = 'resource.terraform_data.app_rollout.triggers_replace';

const bucketName = '${scaleway_object_bucket.media_bucket.name}';

const SECRET_VARIABLES = [
  'database_url',
  'database_ca',
  'jwt_secret',
  's3_access_key_id',
  's3_secret_access_key',
];

/** The largest file, 100 MB, over a phone's line of 0.25 Mbit/s. */
const SLOW_UPLOAD_S = (100_000_000 * 8) / 250_000;

const secondsOfRequest = (stack: JsonObject): number => Number(get(stack, `${container}.timeout`));

/** The guarantees of the app's container. */
export const appGuarantees: Guarantee[] = [
  {
    title: 'stops when nobody comes by and never grows beyond one instance',
    check: (stack) =>
      all(mustBe(stack, `${container}.min_scale`, 0), mustBe(stack, `${container}.max_scale`, 1)),
    broken: {
      'min_scale is 1': (stack) => set(stack, `${container}.min_scale`, 1),
      'max_scale is 5': (stack) => set(stack, `${container}.max_scale`, 5),
      'max_scale is the platform’s': (stack) => remove(stack, `${container}.max_scale`),
    },
  },
  {
    title: 'has 1 vCPU, 1024 MB, port 3000, and time for the largest file over a slow line',
    check: (stack) =>
      all(
        mustBe(stack, `${container}.cpu_limit`, 1000),
        mustBe(stack, `${container}.memory_limit_bytes`, 1_024_000_000),
        must(secondsOfRequest(stack) >= SLOW_UPLOAD_S, `a request has ${secondsOfRequest(stack)} s`),
        must(secondsOfRequest(stack) <= 3600, 'the platform allows an hour'),
        mustBe(stack, `${container}.port`, 3000),
      ),
    broken: {
      'memory is in megabytes': (stack) => set(stack, `${container}.memory_limit_bytes`, 1024),
      'it has the default memory': (stack) => remove(stack, `${container}.memory_limit_bytes`),
      'the CPU is in whole ones': (stack) => set(stack, `${container}.cpu_limit`, 1),
      'requests have the platform’s five minutes': (stack) => set(stack, `${container}.timeout`, 300),
      'requests may take a day': (stack) => set(stack, `${container}.timeout`, 86_400),
      'another port': (stack) => set(stack, `${container}.port`, 8080),
    },
  },
  {
    title: 'bounds how many requests an instance works on',
    check: (stack) => {
      const bound = get(stack, `${container}.scaling_option.0.concurrent_requests_threshold`);
      return must(
        typeof bound === 'number' && bound >= 1 && bound <= 80,
        `the bound is ${JSON.stringify(bound)}`,
      );
    },
    broken: {
      'there is no bound': (stack) => remove(stack, `${container}.scaling_option`),
      'the bound is beyond the platform’s': (stack) =>
        set(stack, `${container}.scaling_option.0.concurrent_requests_threshold`, 1000),
    },
  },
  {
    title: 'asks /api/health over HTTP whether it has started and is alive',
    check: (stack) =>
      ['startup_probe', 'liveness_probe'].flatMap((probe) =>
        all(
          mustBe(stack, `${container}.${probe}.http`, { path: '/api/health' }),
          must(get(stack, `${container}.${probe}.tcp`) === undefined, `${probe} asks over TCP`),
        ),
      ),
    broken: {
      'nobody asks whether it has started': (stack) => remove(stack, `${container}.startup_probe`),
      'it asks over TCP': (stack) => set(stack, `${container}.liveness_probe.tcp`, true),
      // A slow database would restart the app.
      'it asks whether the database is there': (stack) =>
        set(stack, `${container}.liveness_probe.http.path`, '/api/ready'),
    },
  },
  {
    title: 'is reached over HTTPS only, by anyone',
    check: (stack) =>
      all(
        mustBe(stack, `${container}.https_connections_only`, true),
        mustBe(stack, `${container}.privacy`, 'public'),
      ),
    broken: {
      'HTTP is let through': (stack) => set(stack, `${container}.https_connections_only`, false),
      'HTTP is up to the platform': (stack) => remove(stack, `${container}.https_connections_only`),
      'nobody gets in without a token': (stack) => set(stack, `${container}.privacy`, 'private'),
    },
  },
  {
    title: 'fails the apply if the container is not ready',
    check: (stack) =>
      all(
        mustBe(
          stack,
          `${container}.lifecycle.postcondition.0.condition`,
          '${terraform_data.app_rollout.id == "" || self.status == "ready"}',
        ),
        mustBe(stack, `${container}.registry_sha256`, '${terraform_data.app_rollout.id}'),
      ),
    broken: {
      'nobody looks': (stack) => remove(stack, `${container}.lifecycle`),
      'a failed release blocks the next': (stack) =>
        set(stack, `${container}.lifecycle.postcondition.0.condition`, '${self.status == "ready"}'),
    },
  },
  {
    title: 'counts a change of image, size, environment or secrets as a rollout, and keeps no secret for it',
    check: (stack) => {
      const secrets = textAt(stack, `${rollout}.secrets`);
      return all(
        mustBe(stack, `${rollout}.image`, get(stack, `${container}.image`) ?? null),
        mustBe(stack, `${rollout}.environment`, get(stack, `${container}.environment_variables`) ?? null),
        mustBe(stack, `${rollout}.size.minScale`, get(stack, `${container}.min_scale`) ?? null),
        must(/^\$\{sha256\(jsonencode\(.*\)\)\}$/.test(secrets), 'the secrets are not hashed'),
        SECRET_VARIABLES.flatMap((name) => must(secrets.includes(`var.${name}`), `${name} is left out`)),
      );
    },
    broken: {
      'secrets are in the state as they are': (stack) =>
        set(stack, `${rollout}.secrets`, '${jsonencode(var.jwt_secret)}'),
      'a secret is left out': (stack) =>
        set(stack, `${rollout}.secrets`, '${sha256(jsonencode(var.jwt_secret))}'),
      'the image is left out': (stack) => remove(stack, `${rollout}.image`),
      'the environment is left out': (stack) => remove(stack, `${rollout}.environment.PUBLIC_URL`),
    },
  },
  {
    title: 'runs the image of the tag it is given, from the private registry',
    check: (stack) =>
      mustBe(stack, `${container}.image`, 'rg.fr-par.scw.cloud/meemikansio/meemikansio:${var.image_tag}'),
    broken: {
      'it runs whatever is latest': (stack) =>
        set(stack, `${container}.image`, 'rg.fr-par.scw.cloud/meemikansio/meemikansio:latest'),
      'it runs somebody else’s': (stack) =>
        set(stack, `${container}.image`, 'docker.io/library/node:${var.image_tag}'),
    },
  },
  {
    title: 'sets ten variables in the open and five out of sight',
    check: (stack) =>
      all(
        mustBe(stack, `${container}.environment_variables`, {
          BACKUP_BUCKET: '${scaleway_object_bucket.backups_bucket.name}',
          BACKUP_RECIPIENT: '${var.backup_recipient}',
          PUBLIC_URL: 'https://meemit.mainittu.fi',
          S3_BUCKET: bucketName,
          S3_ENDPOINT: 'https://s3.${var.region}.scw.cloud',
          S3_REGION: '${var.region}',
          STATIC_DIR: '/app/static',
          STORAGE_BACKEND: 's3',
          TRUST_PROXY: 'auto',
          UPLOAD_BUCKET: '${scaleway_object_bucket.uploads_bucket.name}',
        }),
        mustBe(stack, `${container}.secret_environment_variables`, {
          DATABASE_URL: '${var.database_url}',
          DATABASE_CA: '${var.database_ca}',
          JWT_SECRET: '${var.jwt_secret}',
          S3_ACCESS_KEY_ID: '${var.s3_access_key_id}',
          S3_SECRET_ACCESS_KEY: '${var.s3_secret_access_key}',
        }),
      ),
    broken: {
      'a secret is in the open': (stack) =>
        set(stack, `${container}.environment_variables.JWT_SECRET`, '${var.jwt_secret}'),
      'a secret is missing': (stack) =>
        remove(stack, `${container}.secret_environment_variables.DATABASE_URL`),
      'anybody on the way can pose as the database': (stack) =>
        remove(stack, `${container}.secret_environment_variables.DATABASE_CA`),
      'the address is missing': (stack) => remove(stack, `${container}.environment_variables.PUBLIC_URL`),
      'everybody has the address of the platform’s proxy': (stack) =>
        remove(stack, `${container}.environment_variables.TRUST_PROXY`),
      'what a caller claims is taken for its address': (stack) =>
        set(stack, `${container}.environment_variables.TRUST_PROXY`, '2'),
      'everybody has the address of the platform’s inner hop': (stack) =>
        set(stack, `${container}.environment_variables.TRUST_PROXY`, '1'),
      'two secrets are swapped': (stack) =>
        set(stack, `${container}.secret_environment_variables.JWT_SECRET`, '${var.database_url}'),
    },
  },
];
