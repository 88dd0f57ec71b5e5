import { blocks, get, isObject, remove, set, strings, type JsonObject } from './stack-json.ts';
import {
  all,
  editPolicy,
  must,
  mustBe,
  objectAt,
  policyStatements,
  textAt,
  type Guarantee,
} from './guarantees.ts';

const container = 'resource.scaleway_container.app_container';
const bucket = 'resource.scaleway_object_bucket.media_bucket';
const record = 'resource.aws_route53_record.site_record';
const domain = 'resource.scaleway_container_domain.site_domain';
const backend = 'terraform.backend.s3';

const rollout = 'resource.terraform_data.app_rollout.triggers_replace';

const bucketName = '${scaleway_object_bucket.media_bucket.name}';
const app = 'application_id:${var.media_application_id}';
const release = 'application_id:${var.release_application_id}';

const SECRET_VARIABLES = ['database_url', 'jwt_secret', 's3_access_key_id', 's3_secret_access_key'];

export const productionGuarantees: Guarantee[] = [
  {
    title: 'keeps its state in the state bucket, under a lock',
    check: (stack) =>
      all(
        mustBe(stack, `${backend}.bucket`, 'meemikansio-state'),
        mustBe(stack, `${backend}.key`, 'production.tfstate'),
        mustBe(stack, `${backend}.endpoints`, { s3: 'https://s3.fr-par.scw.cloud' }),
        [
          'use_lockfile',
          'use_path_style',
          'skip_credentials_validation',
          'skip_metadata_api_check',
          'skip_region_validation',
          'skip_requesting_account_id',
          'skip_s3_checksum',
        ].flatMap((flag) => mustBe(stack, `${backend}.${flag}`, true)),
        ['access_key', 'secret_key', 'endpoint', 'force_path_style', 'dynamodb_table'].flatMap((name) =>
          must(get(stack, `${backend}.${name}`) === undefined, `the backend says ${name}`),
        ),
      ),
    broken: {
      'there is no lock': (stack) => remove(stack, `${backend}.use_lockfile`),
      'it is AWS': (stack) => remove(stack, `${backend}.endpoints`),
      'it asks AWS who we are': (stack) => set(stack, `${backend}.skip_requesting_account_id`, false),
      'a key is in it': (stack) => set(stack, `${backend}.access_key`, 'SCWXXXXXXXXXXXXXXXXX'),
      'the address is in the old place': (stack) =>
        set(stack, `${backend}.endpoint`, 'https://s3.fr-par.scw.cloud'),
      'two environments share a state': (stack) => set(stack, `${backend}.key`, 'terraform.tfstate'),
    },
  },
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
    title: 'has 1 vCPU, 1024 MB, 300 seconds a request and port 3000',
    check: (stack) =>
      all(
        mustBe(stack, `${container}.cpu_limit`, 1000),
        mustBe(stack, `${container}.memory_limit_bytes`, 1_024_000_000),
        mustBe(stack, `${container}.timeout`, 300),
        mustBe(stack, `${container}.port`, 3000),
      ),
    broken: {
      'memory is in megabytes': (stack) => set(stack, `${container}.memory_limit_bytes`, 1024),
      'it has the default memory': (stack) => remove(stack, `${container}.memory_limit_bytes`),
      'the CPU is in whole ones': (stack) => set(stack, `${container}.cpu_limit`, 1),
      'requests may take an hour': (stack) => set(stack, `${container}.timeout`, 3600),
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
      // A slow database would have the app restarted.
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
    title: 'sets six variables in the open and four out of sight',
    check: (stack) =>
      all(
        mustBe(stack, `${container}.environment_variables`, {
          PUBLIC_URL: 'https://meemit.mainittu.fi',
          S3_BUCKET: bucketName,
          S3_ENDPOINT: 'https://s3.${var.region}.scw.cloud',
          S3_REGION: '${var.region}',
          STATIC_DIR: '/app/static',
          STORAGE_BACKEND: 's3',
        }),
        mustBe(stack, `${container}.secret_environment_variables`, {
          DATABASE_URL: '${var.database_url}',
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
      'the address is missing': (stack) => remove(stack, `${container}.environment_variables.PUBLIC_URL`),
      'two secrets are swapped': (stack) =>
        set(stack, `${container}.secret_environment_variables.JWT_SECRET`, '${var.database_url}'),
    },
  },
  {
    title: 'hides its four secrets',
    check: (stack) =>
      all(
        mustBe(
          {
            names: Object.entries(objectAt(stack, 'variable'))
              .filter(([, variable]) => get(variable, 'sensitive') === true)
              .map(([name]) => name)
              .sort(),
          },
          'names',
          SECRET_VARIABLES,
        ),
        SECRET_VARIABLES.flatMap((name) =>
          must(get(stack, `variable.${name}.default`) === undefined, `${name} has a default`),
        ),
        [...strings(stack)].flatMap(([path, text]) => {
          const mentioned = SECRET_VARIABLES.some((name) => text.includes(`var.${name}`));
          const allowed =
            path.startsWith('variable.') ||
            path.startsWith(`${container}.secret_environment_variables.`) ||
            path === `${rollout}.secrets`;
          return must(!mentioned || allowed, `${path} uses a secret`);
        }),
      ),
    broken: {
      'a secret is shown in plans': (stack) => remove(stack, 'variable.jwt_secret.sensitive'),
      'a secret has a default': (stack) => set(stack, 'variable.database_url.default', 'postgresql://'),
      'a secret is told': (stack) => set(stack, 'output.site_url.value', '${var.jwt_secret}'),
      'a secret is in a description': (stack) =>
        set(stack, `${container}.description`, 'uses ${var.s3_access_key_id}'),
    },
  },
  {
    title: 'lets anyone fetch a file by its key, and only the app and the release workflow do more',
    check: (stack) => {
      const statements = policyStatements(stack, 'media_policy');
      const everyone = statements.filter(({ principal }) => principal === '*');
      return all(
        mustBe(stack, 'resource.scaleway_object_bucket_policy.media_policy.bucket', bucketName),
        must(everyone.length === 1, 'not exactly one statement is about everyone'),
        everyone.flatMap(({ actions, resources, effect }) =>
          all(
            must(actions.join() === 's3:GetObject', `everyone may ${actions.join()}`),
            must(resources.join() === `${bucketName}/*`, `everyone may use ${resources.join()}`),
            must(effect === 'Allow', 'everyone is denied'),
          ),
        ),
        statements.flatMap(({ principal }) =>
          must(['*', app, release].includes(principal), `"${principal}" may use the bucket`),
        ),
        statements
          .filter(({ principal }) => principal === app)
          .flatMap(({ actions }) =>
            must(
              !actions.some(
                (action) => action.includes('*') || /Version|Policy|Acl|CORS|Lifecycle/.test(action),
              ),
              `the app may ${actions.join()}`,
            ),
          ),
        statements
          .filter(({ principal }) => principal === release)
          .flatMap(({ resources }) =>
            must(resources.join() === bucketName, `the release workflow may use ${resources.join()}`),
          ),
      );
    },
    broken: {
      'everyone may list the keys': (stack) =>
        editPolicy(
          stack,
          'media_policy',
          '"Action":["s3:GetObject"]',
          '"Action":["s3:GetObject","s3:ListBucket"]',
        ),
      'everyone may use the bucket itself': (stack) =>
        editPolicy(
          stack,
          'media_policy',
          `"Resource":["${bucketName}/*"]`,
          `"Resource":["${bucketName}","${bucketName}/*"]`,
        ),
      'everyone may upload': (stack) => editPolicy(stack, 'media_policy', '["s3:GetObject"]', '["s3:*"]'),
      'nobody may fetch': (stack) => editPolicy(stack, 'media_policy', '"*"', `{"SCW":"${app}"}`),
      'a stranger may list': (stack) => editPolicy(stack, 'media_policy', app, 'user_id:someone'),
      'the app may do anything': (stack) => editPolicy(stack, 'media_policy', '"s3:DeleteObject"', '"s3:*"'),
      'the app may delete versions': (stack) =>
        editPolicy(stack, 'media_policy', '"s3:DeleteObject"', '"s3:DeleteObjectVersion"'),
      'there is no policy': (stack) => remove(stack, 'resource.scaleway_object_bucket_policy.media_policy'),
    },
  },
  {
    title: 'has no public ACL, which would make the keys listable',
    check: (stack) =>
      all(
        must(get(stack, `${bucket}.acl`) === undefined, 'the bucket has an ACL'),
        [...blocks(stack, 'resource')].flatMap(({ type, body }) =>
          must(
            type !== 'scaleway_object_bucket_acl' || body['acl'] === 'private',
            'a bucket ACL is not private',
          ),
        ),
      ),
    broken: {
      'the bucket is public-read': (stack) => set(stack, `${bucket}.acl`, 'public-read'),
      'the bucket is made public beside': (stack) =>
        set(stack, 'resource.scaleway_object_bucket_acl', {
          media: { bucket: bucketName, acl: 'public-read' },
        }),
    },
  },
  {
    title: 'lets only the site read media by script',
    check: (stack) =>
      all(
        mustBe(stack, `${bucket}.cors_rule.0.allowed_origins`, ['https://meemit.mainittu.fi']),
        mustBe(stack, `${bucket}.cors_rule.0.allowed_methods`, ['GET', 'HEAD']),
        must(get(stack, `${bucket}.cors_rule.1`) === undefined, 'there is another rule'),
      ),
    broken: {
      'any site may': (stack) => set(stack, `${bucket}.cors_rule.0.allowed_origins`, ['*']),
      'scripts may upload': (stack) => set(stack, `${bucket}.cors_rule.0.allowed_methods.2`, 'PUT'),
      'a second rule lets more in': (stack) =>
        set(stack, `${bucket}.cors_rule.1`, { allowed_origins: ['*'], allowed_methods: ['GET'] }),
    },
  },
  {
    title: 'clears unfinished uploads after a day and keeps deleted files for 30',
    check: (stack) =>
      all(
        mustBe(stack, `${bucket}.versioning.enabled`, true),
        mustBe(stack, `${bucket}.lifecycle_rule`, [
          { id: 'abort-stale-uploads', enabled: true, abort_incomplete_multipart_upload_days: 1 },
          {
            id: 'expire-deleted-files',
            enabled: true,
            noncurrent_version_expiration: { noncurrent_days: 30 },
          },
        ]),
      ),
    broken: {
      'unfinished uploads stay': (stack) => remove(stack, `${bucket}.lifecycle_rule.0`),
      'a rule is off': (stack) => set(stack, `${bucket}.lifecycle_rule.0.enabled`, false),
      'deleted files are gone at once': (stack) => set(stack, `${bucket}.versioning.enabled`, false),
      // Every meme would be gone after 30 days.
      'a rule is about current files': (stack) =>
        set(stack, `${bucket}.lifecycle_rule.1.expiration`, { days: 30 }),
    },
  },
  {
    title: 'does not let go of the media bucket',
    check: (stack) =>
      all(
        mustBe(stack, `${bucket}.lifecycle.prevent_destroy`, true),
        must(get(stack, `${bucket}.force_destroy`) !== true, 'a full bucket can be destroyed'),
      ),
    broken: {
      'it may go': (stack) => remove(stack, `${bucket}.lifecycle`),
      'a full bucket may go': (stack) => set(stack, `${bucket}.force_destroy`, true),
    },
  },
  {
    title: 'points the host name at the container before asking for a certificate',
    check: (stack) =>
      all(
        mustBe(stack, `${record}.name`, 'meemit.mainittu.fi'),
        mustBe(stack, `${record}.type`, 'CNAME'),
        mustBe(stack, `${record}.records`, [
          '${trimprefix(scaleway_container.app_container.public_endpoint, "https://")}',
        ]),
        mustBe(stack, `${domain}.hostname`, 'meemit.mainittu.fi'),
        mustBe(stack, `${domain}.depends_on`, ['aws_route53_record.site_record']),
      ),
    broken: {
      'the certificate is asked for first': (stack) => remove(stack, `${domain}.depends_on`),
      'the record has a scheme in it': (stack) =>
        set(stack, `${record}.records.0`, '${scaleway_container.app_container.public_endpoint}'),
      'the names differ': (stack) => set(stack, `${domain}.hostname`, 'mainittu.fi'),
    },
  },
  {
    title: 'tells four addresses',
    check: (stack) =>
      all(
        mustBe({ names: Object.keys(objectAt(stack, 'output')).sort() }, 'names', [
          'bucket_endpoint',
          'container_url',
          'registry_endpoint',
          'site_url',
        ]),
        mustBe(stack, 'output.site_url.value', 'https://meemit.mainittu.fi'),
        mustBe(stack, 'output.registry_endpoint.value', 'rg.fr-par.scw.cloud/meemikansio'),
      ),
    broken: {
      'one is missing': (stack) => remove(stack, 'output.container_url'),
      'one is wrong': (stack) => set(stack, 'output.site_url.value', 'http://meemit.mainittu.fi'),
    },
  },
  {
    title: 'checks tag, project and region',
    check: (stack) =>
      ['image_tag', 'project_id', 'region'].flatMap((name) => {
        const rules = get(stack, `variable.${name}.validation`);
        return must(Array.isArray(rules) && rules.some(isObject), `${name} is not checked`);
      }),
    broken: {
      'a region is anything': (stack) => remove(stack, 'variable.region.validation'),
      'there is no tag': (stack: JsonObject) => remove(stack, 'variable.image_tag'),
    },
  },
];
