import { blocks, get, remove, set } from './stack-json.ts';
import { all, editPolicy, must, mustBe, policyStatements, type Guarantee } from './guarantees.ts';

const bucket = 'resource.scaleway_object_bucket.media_bucket';

const bucketName = '${scaleway_object_bucket.media_bucket.name}';
const app = 'application_id:${var.media_application_id}';
const release = 'application_id:${var.release_application_id}';

/** The guarantees of the media bucket. */
export const mediaGuarantees: Guarantee[] = [
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
      // Every file would be deleted after 30 days.
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
];
