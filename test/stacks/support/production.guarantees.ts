import { get, isObject, remove, set, strings, type JsonObject } from './stack-json.ts';
import { all, must, mustBe, objectAt, type Guarantee } from './guarantees.ts';

const container = 'resource.scaleway_container.app_container';
const record = 'resource.aws_route53_record.site_record';
const domain = 'resource.scaleway_container_domain.site_domain';
const backend = 'terraform.backend.s3';

const rollout = 'resource.terraform_data.app_rollout.triggers_replace';

const SECRET_VARIABLES = [
  'database_ca',
  'database_url',
  'jwt_secret',
  's3_access_key_id',
  's3_secret_access_key',
];

/** The guarantees of the rest of an environment: state, secrets, domain, outputs. */
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
    title: 'hides its five secrets',
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
            path === `${rollout}.secrets` ||
            // A hash of a random secret reveals nothing of it.
            text === '${sha256("${var.jwt_secret} nightly")}';
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
    title: 'tells four addresses, and the id of the domain',
    check: (stack) =>
      all(
        mustBe({ names: Object.keys(objectAt(stack, 'output')).sort() }, 'names', [
          'bucket_endpoint',
          'container_url',
          'domain_id',
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
