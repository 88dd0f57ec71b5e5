import { get, remove, set } from './stack-json.ts';
import { all, editPolicy, must, mustBe, policyStatements, type Guarantee } from './guarantees.ts';

const bucket = 'resource.scaleway_object_bucket.backups_bucket';
const trigger = 'resource.scaleway_container_trigger.nightly_trigger';

const bucketName = '${scaleway_object_bucket.backups_bucket.name}';
const app = 'application_id:${var.media_application_id}';
const release = 'application_id:${var.release_application_id}';

/** The guarantees of the backups and of what starts them. */
export const backupGuarantees: Guarantee[] = [
  {
    title: 'lets the app put and list backups, and nobody read or delete one',
    check: (stack) => {
      const statements = policyStatements(stack, 'backups_policy');
      const allowed = (principal: string) =>
        statements.filter((each) => each.principal === principal).flatMap(({ actions }) => actions);
      return all(
        mustBe(stack, 'resource.scaleway_object_bucket_policy.backups_policy.bucket', bucketName),
        must(get(stack, `${bucket}.acl`) === undefined, 'the bucket has an ACL'),
        statements.flatMap(({ principal }) =>
          must([app, release].includes(principal), `"${principal}" may use the bucket`),
        ),
        must(allowed(app).includes('s3:PutObject'), 'the app may not put'),
        must(allowed(app).includes('s3:ListBucket'), 'the app may not list'),
        must(
          !allowed(app).some((action) => /Get|Delete|\*|Version|Policy|Lifecycle/.test(action)),
          `the app may ${allowed(app).join()}`,
        ),
        statements
          .filter(({ principal }) => principal === release)
          .flatMap(({ resources }) =>
            must(resources.join() === bucketName, `the release workflow may use ${resources.join()}`),
          ),
      );
    },
    broken: {
      'the app may delete': (stack) =>
        editPolicy(stack, 'backups_policy', '"s3:PutObject"', '"s3:PutObject","s3:DeleteObject"'),
      'the app may read': (stack) =>
        editPolicy(stack, 'backups_policy', '"s3:PutObject"', '"s3:PutObject","s3:GetObject"'),
      'the app may not list': (stack) =>
        editPolicy(stack, 'backups_policy', '"s3:ListBucket"', '"s3:ListBucketMultipartUploads"'),
      'anyone may fetch': (stack) => editPolicy(stack, 'backups_policy', app, 'user_id:someone'),
      'there is no policy': (stack) => remove(stack, 'resource.scaleway_object_bucket_policy.backups_policy'),
      'the bucket is public-read': (stack) => set(stack, `${bucket}.acl`, 'public-read'),
    },
  },
  {
    title: 'keeps backups of 14 days, 8 weeks and 12 months, and overwritten ones for 30 days',
    check: (stack) =>
      all(
        mustBe(stack, `${bucket}.versioning.enabled`, true),
        mustBe(stack, `${bucket}.lifecycle.prevent_destroy`, true),
        mustBe(stack, `${bucket}.lifecycle_rule`, [
          { id: 'expire-daily', enabled: true, prefix: 'daily/', expiration: { days: 14 } },
          { id: 'expire-weekly', enabled: true, prefix: 'weekly/', expiration: { days: 56 } },
          { id: 'expire-monthly', enabled: true, prefix: 'monthly/', expiration: { days: 366 } },
          {
            id: 'expire-old-versions',
            enabled: true,
            noncurrent_version_expiration: { noncurrent_days: 30 },
          },
          { id: 'abort-stale-uploads', enabled: true, abort_incomplete_multipart_upload_days: 1 },
        ]),
      ),
    broken: {
      'an overwritten one is lost': (stack) => set(stack, `${bucket}.versioning.enabled`, false),
      'they are kept for ever': (stack) => remove(stack, `${bucket}.lifecycle_rule`),
      'all are gone after two weeks': (stack) => set(stack, `${bucket}.lifecycle_rule.0.prefix`, ''),
      'a plan may destroy them': (stack) => set(stack, `${bucket}.lifecycle.prevent_destroy`, false),
    },
  },
  {
    title: 'wakes the app every night, by a token that follows from its secret',
    check: (stack) =>
      all(
        mustBe(stack, `${trigger}.container_id`, '${scaleway_container.app_container.id}'),
        mustBe(stack, `${trigger}.destination_config`, {
          http_method: 'post',
          http_path: '/api/nightly',
        }),
        mustBe(stack, `${trigger}.cron`, {
          schedule: '30 2 * * *',
          timezone: 'Etc/UTC',
          headers: {
            origin: 'https://meemit.mainittu.fi',
            'x-nightly-token': '${sha256("${var.jwt_secret} nightly")}',
          },
        }),
      ),
    broken: {
      'nobody wakes it': (stack) => remove(stack, trigger),
      'it is woken every minute': (stack) => set(stack, `${trigger}.cron.schedule`, '* * * * *'),
      'the token is the secret itself': (stack) =>
        set(stack, `${trigger}.cron.headers.x-nightly-token`, '${var.jwt_secret}'),
      'the app takes it for a foreign site': (stack) => remove(stack, `${trigger}.cron.headers.origin`),
    },
  },
];
