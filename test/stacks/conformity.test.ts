import { describe, expect, it } from 'vitest';
import { environments } from '../../stacks/environments.ts';
import { checkConformity } from './support/conformity.ts';
import { checkReferences, findConfidential } from './support/references.ts';
import {
  blocks,
  bootstrapJson,
  environmentJson,
  remove,
  set,
  type JsonObject,
} from './support/stack-json.ts';

const stacks: [name: string, make: () => JsonObject][] = [
  ['bootstrap', () => bootstrapJson()],
  ...Object.entries(environments).map(([name, environment]): [string, () => JsonObject] => [
    name,
    () => environmentJson(name, environment),
  ]),
];

describe.each(stacks)('the %s stack', (_name, make) => {
  it('has nothing that its providers do not know, deprecate, compute or lack', () => {
    expect(checkConformity(make())).toEqual([]);
  });

  it('refers only to what is in it', () => {
    expect(checkReferences(make())).toEqual([]);
  });

  it('holds no secret, no account id and no path of the machine it was made on', () => {
    expect(findConfidential(make())).toEqual([]);
  });

  it('was checked at all', () => {
    expect([...blocks(make(), 'resource')].length).toBeGreaterThan(5);
  });
});

/** A stack with one mistake, and the expected message. */
type Mistake = [name: string, make: (stack: JsonObject) => void, said: RegExp];

const container = 'resource.scaleway_container.app_container';
const bucket = 'resource.scaleway_object_bucket.media_bucket';
const record = 'resource.aws_route53_record.site_record';

const mistakes: Mistake[] = [
  [
    'an attribute that does not exist',
    (stack) => set(stack, `${container}.max_concurrency`, 50),
    /does not exist/,
  ],
  ['an attribute that is computed', (stack) => set(stack, `${container}.status`, 'ready'), /is computed/],
  [
    'a deprecated attribute',
    (stack) => set(stack, `${container}.memory_limit`, 1024),
    /memory_limit is deprecated/,
  ],
  [
    'a deprecated block',
    (stack) => set(stack, `${container}.health_check`, {}),
    /health_check is deprecated/,
  ],
  [
    'a missing required attribute',
    (stack) => remove(stack, `${container}.namespace_id`),
    /namespace_id is missing/,
  ],
  [
    'a missing attribute of a nested block',
    (stack) => remove(stack, `${container}.startup_probe.interval`),
    /startup_probe\.interval is missing/,
  ],
  ['a number where a text belongs', (stack) => set(stack, `${container}.name`, 1), /name should be "string"/],
  [
    'a text where a number belongs',
    (stack) => set(stack, `${container}.port`, '3000'),
    /port should be "number"/,
  ],
  [
    'a text where a list belongs',
    (stack) => set(stack, `${record}.records`, 'a.example'),
    /records should be/,
  ],
  [
    'a number in a map of texts',
    (stack) => set(stack, `${container}.environment_variables.PORT`, 3000),
    /environment_variables should be/,
  ],
  [
    'a block that may be there once, twice',
    (stack) => set(stack, `${container}.startup_probe`, [{}, {}]),
    /startup_probe may be there 1 times/,
  ],
  [
    'an object where blocks repeat',
    (stack) => set(stack, `${bucket}.cors_rule`, {}),
    /cors_rule should be a list/,
  ],
  [
    'a resource of no provider',
    (stack) => set(stack, 'resource.scaleway_bucket', { a: {} }),
    /no provider has/,
  ],
  [
    'a data source of no provider',
    (stack) => set(stack, 'data', { scaleway_image: { a: {} } }),
    /no provider has/,
  ],
  [
    'an unknown provider option',
    (stack) => set(stack, 'provider.scaleway.0.insecure', true),
    /insecure does not exist/,
  ],
  [
    'a provider nobody requires',
    (stack) => remove(stack, 'terraform.required_providers.aws'),
    /aws is not required/,
  ],
  [
    'an AWS attribute that does not exist',
    (stack) => set(stack, `${record}.value`, 'x'),
    /value does not exist/,
  ],
  ['a missing AWS attribute', (stack) => remove(stack, `${record}.zone_id`), /zone_id is missing/],
];

describe('the check against the schemas', () => {
  it.each(mistakes)('finds %s', (_name, make, said) => {
    const stack = environmentJson('production', environments.production);
    make(stack);
    expect(checkConformity(stack).join('\n')).toMatch(said);
  });

  it('finds a required block that is missing', () => {
    const stack = bootstrapJson();
    remove(stack, 'resource.scaleway_iam_policy.release_policy.rule');
    expect(checkConformity(stack)).toEqual(['scaleway_iam_policy.release_policy.rule must be there 1 times']);
  });
});

const dangling: Mistake[] = [
  [
    'an unknown variable',
    (stack) => set(stack, `${container}.region`, '${var.reigon}'),
    /no variable reigon/,
  ],
  [
    'an unknown resource',
    (stack) => set(stack, `${container}.region`, '${aws_vpc.main.id}'),
    /no aws_vpc\.main/,
  ],
  [
    'an unknown attribute',
    (stack) => set(stack, `${container}.region`, '${scaleway_object_bucket.media_bucket.url}'),
    /scaleway_object_bucket has no url/,
  ],
  [
    'an unknown data source',
    (stack) => set(stack, `${container}.region`, '${data.aws_region.here.name}'),
    /no aws_region/,
  ],
  ['an unknown dependency', (stack) => set(stack, `${container}.depends_on.0`, 'aws_vpc.main'), /depends on/],
  [
    'an unknown attribute of self',
    (stack) => set(stack, `${container}.lifecycle.postcondition.0.condition`, '${self.state == "ready"}'),
    /scaleway_container has no state/,
  ],
  [
    'one within a text within an expression',
    (stack) => set(stack, `${container}.region`, '${lower("${var.reigon}")}'),
    /no variable reigon/,
  ],
  [
    'an unresolved token',
    (stack) => set(stack, `${container}.region`, '${TfToken[TOKEN.1]}'),
    /unresolved token/,
  ],
];

describe('the check of references', () => {
  it.each(dangling)('finds %s', (_name, make, said) => {
    const stack = environmentJson('production', environments.production);
    make(stack);
    expect(checkReferences(stack).join('\n')).toMatch(said);
  });
});

describe('the search for what must stay secret', () => {
  it.each([
    ['access key', 'SCWABCDEFGHJKLMNPQRS'],
    ['UUID', '8c9b2c0e-5f51-4b7e-9a0c-1d2e3f4a5b6c'],
    ['AWS access key', 'AKIAABCDEFGHIJKLMNOP'],
    ['AWS account id', 'arn:aws:iam::123456789012:user/x'],
    ['hosted zone id', 'Z0123456789ABCDEFGHIJ'],
    ['connection string', 'postgresql://meemi:hunter2@db.example/postgres'],
    ['private key', '-----BEGIN PRIVATE KEY-----'],
    ['path of this machine', '/home/someone/meemikansio'],
  ])('finds a %s', (what, text) => {
    const stack = environmentJson('production', environments.production);
    set(stack, `${container}.description`, text);
    expect(findConfidential(stack).join('\n')).toContain(what);
  });
});
