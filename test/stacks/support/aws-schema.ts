import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type {
  AttributeSchema,
  BlockSchema,
  BlockTypeSchema,
  ProviderSchema,
} from '../../support/servers/stand-in-provider/schema.ts';

/**
 * The schema of the part of the AWS provider that the stacks use. It comes from the declarations of
 * @cdktf/provider-aws, which are generated from the real schema. They give names, types, required
 * attributes and repeatable blocks. They do not tell which attributes are deprecated.
 */

const require = createRequire(import.meta.url);

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function attributeType(declared: string): unknown {
  if (declared.startsWith('string[]')) return ['list', 'string'];
  if (declared.startsWith('{')) return ['map', 'string'];
  if (declared.startsWith('string')) return 'string';
  if (declared.startsWith('number')) return 'number';
  if (declared.startsWith('boolean')) return 'bool';
  return undefined;
}

/** Returns the members of an interface: name, whether optional, declared type. */
function members(source: string, name: string): [name: string, optional: boolean, type: string][] {
  const body = new RegExp(`export interface ${name}(?: extends [\\w.]+)? \\{([\\s\\S]*?)\\n\\}`).exec(
    source,
  )?.[1];
  if (body === undefined) throw new Error(`No interface ${name} in @cdktf/provider-aws.`);
  const found = body.matchAll(/^ {4}readonly (\w+)(\?)?: ([\s\S]*?);$/gm);
  return [...found].map(([, member = '', optional, type = '']) => [member, optional === '?', type]);
}

function readBlock(source: string, interfaceName: string): BlockSchema {
  const attributes: Record<string, AttributeSchema> = {};
  const blocks: Record<string, BlockTypeSchema> = {};
  for (const [name, optional, declared] of members(source, interfaceName)) {
    const type = attributeType(declared);
    if (type !== undefined) {
      attributes[snakeCase(name)] = { type, optional, required: !optional };
      continue;
    }
    const struct = /^(\w+)(\[\])?/.exec(declared);
    if (!struct?.[1]) throw new Error(`${interfaceName}.${name} has a type unknown here: ${declared}`);
    const repeats = struct[2] !== undefined;
    blocks[snakeCase(name)] = {
      nesting_mode: name === 'timeouts' ? 'single' : 'list',
      block: readBlock(source, struct[1]),
      ...(optional ? {} : { min_items: 1 }),
      ...(repeats || name === 'timeouts' ? {} : { max_items: 1 }),
    };
  }
  return { attributes, block_types: blocks };
}

const declarations = (folder: string): string =>
  readFileSync(require.resolve(`@cdktf/provider-aws/lib/${folder}/index.d.ts`), 'utf8');

/** Returns the schema of the AWS provider, cut to its configuration and `aws_route53_record`. */
export function awsSchema(): ProviderSchema {
  const record = readBlock(declarations('route53-record'), 'Route53RecordConfig');
  const provider = readBlock(declarations('provider'), 'AwsProviderConfig');
  // `alias` belongs to the language, not to the provider.
  delete provider.attributes?.['alias'];
  return {
    provider: { version: 0, block: provider },
    resource_schemas: {
      aws_route53_record: {
        version: 0,
        block: {
          ...record,
          attributes: {
            ...record.attributes,
            id: { type: 'string', computed: true },
            fqdn: { type: 'string', computed: true },
          },
        },
      },
    },
    data_source_schemas: {},
  };
}
