import { blocks, get, isObject, remove, set, strings, type JsonObject } from './stack-json.ts';
import { all, editPolicy, must, mustBe, objectAt, policyStatements, type Guarantee } from './guarantees.ts';

const state = 'resource.scaleway_object_bucket.state_bucket';
const registry = 'resource.scaleway_registry_namespace.registry_namespace';
const mediaRule = 'resource.scaleway_iam_policy.media_production_policy.rule.0';
const buildRule = 'resource.scaleway_iam_policy.build_policy.rule.0';
const planRule = 'resource.scaleway_iam_policy.plan_policy.rule.0';
const releaseRule = 'resource.scaleway_iam_policy.release_policy.rule.0';

const stateBucketName = '${scaleway_object_bucket.state_bucket.name}';
const release = 'application_id:${scaleway_iam_application.release_application.id}';
const plan = 'application_id:${scaleway_iam_application.plan_application.id}';
const operator = 'user_id:${var.operator_user_id}';

/** Outputs that hold the secret half of a key. */
const SECRET_OUTPUTS = [
  'BUILD_SCW_SECRET_KEY',
  'PLAN_SCW_SECRET_KEY',
  'S3_SECRET_ACCESS_KEY',
  'SCW_SECRET_KEY',
];

export const bootstrapGuarantees: Guarantee[] = [
  {
    title: 'keeps every version of the state for 90 days',
    check: (stack) =>
      all(
        mustBe(stack, `${state}.versioning.enabled`, true),
        mustBe(stack, `${state}.lifecycle_rule.0.enabled`, true),
        mustBe(stack, `${state}.lifecycle_rule.0.noncurrent_version_expiration.noncurrent_days`, 90),
      ),
    broken: {
      'versioning is off': (stack) => set(stack, `${state}.versioning.enabled`, false),
      'old versions stay for ever': (stack) => remove(stack, `${state}.lifecycle_rule`),
      'the rule is off': (stack) => set(stack, `${state}.lifecycle_rule.0.enabled`, false),
      // The rule would delete the current state instead of the old ones.
      'the rule is about current versions': (stack) => {
        remove(stack, `${state}.lifecycle_rule.0.noncurrent_version_expiration`);
        set(stack, `${state}.lifecycle_rule.0.expiration`, { days: 90 });
      },
    },
  },
  {
    title: 'lets only the workflows and the operator at the state, the plan as a reader',
    check: (stack) => {
      const statements = policyStatements(stack, 'state_policy');
      return all(
        mustBe(stack, 'resource.scaleway_object_bucket_policy.state_policy.bucket', stateBucketName),
        must(get(stack, `${state}.acl`) === undefined, 'the bucket has an ACL'),
        must(
          ![...blocks(stack, 'resource')].some(({ type }) => type === 'scaleway_object_bucket_acl'),
          'a bucket has an ACL of its own',
        ),
        must(statements.length > 0, 'there is no policy'),
        statements.flatMap(({ principal, actions, resources }) =>
          all(
            must([release, plan, operator].includes(principal), `"${principal}" may use the state`),
            must(
              principal === operator ||
                !actions.some((action) => action.includes('*') || action.includes('Version')),
              'the release workflow may do more than read, write and lock',
            ),
            must(
              principal !== plan || !actions.some((action) => /Put|Delete/.test(action)),
              'the plan may change the state',
            ),
            must(
              resources.every((resource) => [stateBucketName, `${stateBucketName}/*`].includes(resource)),
              'the policy is about another bucket',
            ),
          ),
        ),
      );
    },
    broken: {
      'anyone may read it': (stack) => editPolicy(stack, 'state_policy', `{"SCW":"${release}"}`, '"*"'),
      'the app may read it': (stack) =>
        editPolicy(
          stack,
          'state_policy',
          'scaleway_iam_application.release_application.id',
          'scaleway_iam_application.media_production_application.id',
        ),
      'there is no policy': (stack) => remove(stack, 'resource.scaleway_object_bucket_policy.state_policy'),
      'the policy is on another bucket': (stack) =>
        set(stack, 'resource.scaleway_object_bucket_policy.state_policy.bucket', 'other'),
      'the plan may write it': (stack) =>
        editPolicy(stack, 'state_policy', `{"SCW":"${release}"}`, `{"SCW":"${plan}"}`),
      'the workflow may delete versions': (stack) =>
        editPolicy(stack, 'state_policy', '"s3:DeleteObject"', '"s3:DeleteObjectVersion"'),
      'the workflow may do anything': (stack) =>
        editPolicy(stack, 'state_policy', '"s3:GetObject"', '"s3:*"'),
      'the bucket is public': (stack) => set(stack, `${state}.acl`, 'public-read'),
      'the bucket is made public beside': (stack) =>
        set(stack, 'resource.scaleway_object_bucket_acl', {
          state: { bucket: stateBucketName, acl: 'public-read' },
        }),
    },
  },
  {
    title: 'has a private image registry',
    check: (stack) => mustBe(stack, `${registry}.is_public`, false),
    broken: {
      'it is public': (stack) => set(stack, `${registry}.is_public`, true),
      'it is whatever the provider thinks': (stack) => remove(stack, `${registry}.is_public`),
    },
  },
  {
    title: 'does not let go of the state bucket and the registry',
    check: (stack) =>
      all(
        mustBe(stack, `${state}.lifecycle.prevent_destroy`, true),
        mustBe(stack, `${registry}.lifecycle.prevent_destroy`, true),
        must(get(stack, `${state}.force_destroy`) !== true, 'a full bucket can be destroyed'),
      ),
    broken: {
      'the state bucket may go': (stack) => remove(stack, `${state}.lifecycle.prevent_destroy`),
      'the registry may go': (stack) => set(stack, `${registry}.lifecycle.prevent_destroy`, false),
      'a full bucket may go': (stack) => set(stack, `${state}.force_destroy`, true),
    },
  },
  {
    title: "gives the app's key objects and nothing else",
    check: (stack) =>
      all(
        mustBe(stack, `${mediaRule}.permission_set_names`, [
          'ObjectStorageObjectsDelete',
          'ObjectStorageObjectsRead',
          'ObjectStorageObjectsWrite',
        ]),
        mustBe(stack, 'resource.scaleway_iam_policy.media_production_policy.rule', [
          objectAt(stack, mediaRule),
        ]),
      ),
    broken: {
      'it may make buckets public': (stack) =>
        set(stack, `${mediaRule}.permission_set_names.3`, 'ObjectStorageBucketPolicyFullAccess'),
      'it may do anything with storage': (stack) =>
        set(stack, `${mediaRule}.permission_set_names`, ['ObjectStorageFullAccess']),
      'it has a second rule': (stack) =>
        set(stack, 'resource.scaleway_iam_policy.media_production_policy.rule.1', {
          permission_set_names: ['ContainersFullAccess'],
          project_ids: ['${var.project_id}'],
        }),
    },
  },
  {
    title: "gives the release workflow's key what a release needs and nothing else",
    check: (stack) =>
      all(
        mustBe(stack, `${releaseRule}.permission_set_names`, [
          'ContainerRegistryReadOnly',
          'ContainersFullAccess',
          'ObjectStorageBucketPolicyFullAccess',
          'ObjectStorageBucketsRead',
          'ObjectStorageBucketsWrite',
          'ObjectStorageObjectsDelete',
          'ObjectStorageObjectsRead',
          'ObjectStorageObjectsWrite',
          'ObservabilityFullAccess',
        ]),
        mustBe(stack, 'resource.scaleway_iam_policy.release_policy.rule', [objectAt(stack, releaseRule)]),
      ),
    broken: {
      'it may do anything': (stack) =>
        set(stack, `${releaseRule}.permission_set_names`, ['AllProductsFullAccess']),
      'it may hand out keys': (stack) => set(stack, `${releaseRule}.permission_set_names.9`, 'IAMManager'),
      'it may delete buckets': (stack) =>
        set(stack, `${releaseRule}.permission_set_names.9`, 'ObjectStorageBucketsDelete'),
    },
  },
  {
    title: 'gives the build images and nothing else, and the plan reading and nothing else',
    check: (stack) =>
      all(
        mustBe(stack, `${buildRule}.permission_set_names`, ['ContainerRegistryFullAccess']),
        mustBe(stack, `${planRule}.permission_set_names`, [
          'ObjectStorageObjectsRead',
          'ObservabilityReadOnly',
        ]),
        ...['build', 'plan'].map((name) =>
          mustBe(stack, `resource.scaleway_iam_policy.${name}_policy.rule`, [
            objectAt(stack, name === 'build' ? buildRule : planRule),
          ]),
        ),
      ),
    broken: {
      'the build may deploy': (stack) =>
        set(stack, `${buildRule}.permission_set_names.1`, 'ContainersFullAccess'),
      'the plan may write': (stack) =>
        set(stack, `${planRule}.permission_set_names.2`, 'ObjectStorageObjectsWrite'),
    },
  },
  {
    title: 'grants nothing outside the one project',
    check: (stack) => {
      const rules = [...blocks(stack, 'resource')]
        .filter(({ type }) => type === 'scaleway_iam_policy')
        .flatMap(({ body }) => (Array.isArray(body['rule']) ? body['rule'] : []))
        .filter(isObject);
      return all(
        must(rules.length >= 2, 'there are no rules'),
        rules.flatMap((rule) => mustBe(rule, 'project_ids', ['${var.project_id}'])),
        rules.flatMap((rule) =>
          must(rule['organization_id'] === undefined, 'a rule is for the organization'),
        ),
      );
    },
    broken: {
      'a rule is for the whole organization': (stack) => {
        remove(stack, `${releaseRule}.project_ids`);
        set(stack, `${releaseRule}.organization_id`, '${var.project_id}');
      },
      'a rule is for two projects': (stack) =>
        set(stack, `${mediaRule}.project_ids.1`, '${var.operator_user_id}'),
    },
  },
  {
    title: 'makes keys for machine users only, which work in the project',
    check: (stack) => {
      const keys = [...blocks(stack, 'resource')].filter(({ type }) => type === 'scaleway_iam_api_key');
      return all(
        must(keys.length === 4, `there are ${keys.length} keys`),
        keys.flatMap(({ body }) =>
          all(
            mustBe(body, 'default_project_id', '${var.project_id}'),
            must(body['user_id'] === undefined, 'a key is a person’s'),
            must(typeof body['application_id'] === 'string', 'a key is nobody’s'),
          ),
        ),
      );
    },
    broken: {
      'a key works in the default project': (stack) =>
        remove(stack, 'resource.scaleway_iam_api_key.release_key_1.default_project_id'),
      'a key is a person’s': (stack) => {
        remove(stack, 'resource.scaleway_iam_api_key.release_key_1.application_id');
        set(stack, 'resource.scaleway_iam_api_key.release_key_1.user_id', '${var.operator_user_id}');
      },
    },
  },
  {
    title: 'tells what GitHub needs under the names it has there, secrets hidden',
    check: (stack) =>
      all(
        mustBe({ names: Object.keys(objectAt(stack, 'output')).sort() }, 'names', [
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
        ]),
        SECRET_OUTPUTS.flatMap((name) => mustBe(stack, `output.${name}.sensitive`, true)),
        // No output shows a secret key in the clear, under any name.
        [...strings(objectAt(stack, 'output'))].flatMap(([path, text]) =>
          must(
            !text.includes('.secret_key}') || get(stack, `output.${path.split('.')[0]}.sensitive`) === true,
            `output ${path} shows a secret key`,
          ),
        ),
      ),
    broken: {
      'a secret is shown': (stack) => remove(stack, 'output.SCW_SECRET_KEY.sensitive'),
      'a secret is shown under another name': (stack) =>
        set(stack, 'output.PLAN_SCW_ACCESS_KEY.value', '${scaleway_iam_api_key.release_key_1.secret_key}'),
      'an output has another name': (stack) => {
        set(stack, 'output.S3_KEY', objectAt(stack, 'output.S3_ACCESS_KEY_ID'));
        remove(stack, 'output.S3_ACCESS_KEY_ID');
      },
    },
  },
  {
    title: 'keeps its own state with the operator, outside what a synth writes',
    check: (stack) => mustBe(stack, 'terraform.backend', { local: { path: '../../../bootstrap.tfstate' } }),
    broken: {
      'it lies in cdktf.out': (stack: JsonObject) =>
        set(stack, 'terraform.backend.local.path', 'terraform.tfstate'),
    },
  },
];
