import { get, remove, set } from './stack-json.ts';
import { all, editPolicy, must, mustBe, policyStatements, type Guarantee } from './guarantees.ts';

const bucket = 'resource.scaleway_object_bucket.uploads_bucket';

const bucketName = '${scaleway_object_bucket.uploads_bucket.name}';
const app = 'application_id:${var.media_application_id}';
const release = 'application_id:${var.release_application_id}';

/** The guarantees of the parts of unfinished uploads. */
export const uploadGuarantees: Guarantee[] = [
  {
    title: 'lets nobody but the app read parts of uploads, which still have their metadata',
    check: (stack) => {
      const statements = policyStatements(stack, 'uploads_policy');
      const allowed = (principal: string) =>
        statements.filter((each) => each.principal === principal).flatMap(({ actions }) => actions);
      return all(
        mustBe(stack, 'resource.scaleway_object_bucket_policy.uploads_policy.bucket', bucketName),
        must(get(stack, `${bucket}.acl`) === undefined, 'the bucket has an ACL'),
        statements.flatMap(({ principal }) =>
          must([app, release].includes(principal), `"${principal}" may use the bucket`),
        ),
        ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'].flatMap((action) =>
          must(allowed(app).includes(action), `the app lacks ${action}`),
        ),
        must(
          !allowed(app).some((action) => /\*|Version|Policy|Lifecycle/.test(action)),
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
      'anyone may fetch': (stack) => editPolicy(stack, 'uploads_policy', `{"SCW":"${app}"}`, '"*"'),
      'a stranger may fetch': (stack) => editPolicy(stack, 'uploads_policy', app, 'user_id:someone'),
      'the app may not remove parts': (stack) =>
        editPolicy(stack, 'uploads_policy', ',"s3:DeleteObject"', ''),
      'the app may do anything': (stack) =>
        editPolicy(stack, 'uploads_policy', '"s3:DeleteObject"', '"s3:DeleteObject","s3:*"'),
      'there is no policy': (stack) => remove(stack, 'resource.scaleway_object_bucket_policy.uploads_policy'),
      'the bucket is public-read': (stack) => set(stack, `${bucket}.acl`, 'public-read'),
    },
  },
  {
    title: 'removes every part after two days, and keeps no older version of one',
    check: (stack) =>
      all(
        must(get(stack, `${bucket}.versioning`) === undefined, 'removed parts stay as versions'),
        mustBe(stack, `${bucket}.lifecycle_rule`, [
          { id: 'expire-parts', enabled: true, expiration: { days: 2 } },
        ]),
        mustBe(stack, `${bucket}.lifecycle.prevent_destroy`, true),
      ),
    broken: {
      'they are kept for ever': (stack) => remove(stack, `${bucket}.lifecycle_rule`),
      'the rule is off': (stack) => set(stack, `${bucket}.lifecycle_rule.0.enabled`, false),
      'versions stay': (stack) => set(stack, `${bucket}.versioning`, { enabled: true }),
      'a plan may destroy it': (stack) => set(stack, `${bucket}.lifecycle.prevent_destroy`, false),
    },
  },
];
