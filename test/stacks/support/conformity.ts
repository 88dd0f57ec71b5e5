import type {
  BlockSchema,
  BlockTypeSchema,
  ProviderSchema,
  Schema,
} from '../../support/servers/stand-in-provider/schema.ts';
import { builtin, providers } from './schemas.ts';
import { blocks, get, isObject, type Json, type JsonObject } from './stack-json.ts';

/** The meta-arguments of a resource, which belong to the language and not to the provider. */
const META_ARGUMENTS = new Set(['//', 'count', 'depends_on', 'for_each', 'lifecycle', 'provider']);

const isReference = (value: Json): boolean => typeof value === 'string' && /^\$\{.*\}$/s.test(value);

/** Tests whether a value is of a type in cty's JSON notation. A reference may be of any type. */
function hasType(value: Json, type: unknown): boolean {
  if (type === 'dynamic' || isReference(value)) return true;
  if (type === 'string') return typeof value === 'string';
  if (type === 'number') return typeof value === 'number';
  if (type === 'bool') return typeof value === 'boolean';
  if (!Array.isArray(type)) return false;
  const element: unknown = type[1];
  if (type[0] === 'map')
    return isObject(value) && Object.values(value).every((item) => hasType(item, element));
  return Array.isArray(value) && value.every((item) => hasType(item, element));
}

function checkNested(path: string, value: Json, type: BlockTypeSchema): string[] {
  const problems = type.block.deprecated ? [`${path} is deprecated`] : [];
  const repeats = (type.nesting_mode === 'list' || type.nesting_mode === 'set') && type.max_items !== 1;
  if (repeats && !Array.isArray(value)) return [...problems, `${path} should be a list`];
  const items = Array.isArray(value) ? value : [value];
  if (items.length > (type.max_items ?? Infinity))
    problems.push(`${path} may be there ${type.max_items} times`);
  if (type.nesting_mode === 'single' && items.length > 1) problems.push(`${path} may be there once`);
  for (const [index, item] of items.entries()) {
    const at = items.length > 1 ? `${path}.${index}` : path;
    if (isObject(item)) problems.push(...checkBlock(at, item, type.block));
    else problems.push(`${at} should be a block`);
  }
  return problems;
}

function checkBlock(path: string, body: JsonObject, block: BlockSchema): string[] {
  const problems: string[] = [];
  const attributes = block.attributes ?? {};
  const blockTypes = block.block_types ?? {};
  for (const [name, value] of Object.entries(body)) {
    const attribute = attributes[name];
    const blockType = blockTypes[name];
    if (attribute) {
      if (!attribute.required && !attribute.optional)
        problems.push(`${path}.${name} is computed, it cannot be set`);
      if (attribute.deprecated) problems.push(`${path}.${name} is deprecated`);
      if (!hasType(value, attribute.type)) {
        problems.push(`${path}.${name} should be ${JSON.stringify(attribute.type)}`);
      }
    } else if (blockType) {
      problems.push(...checkNested(`${path}.${name}`, value, blockType));
    } else {
      problems.push(`${path}.${name} does not exist`);
    }
  }
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.required && (body[name] === undefined || body[name] === null)) {
      problems.push(`${path}.${name} is missing`);
    }
  }
  for (const [name, type] of Object.entries(blockTypes)) {
    const value = body[name];
    const count = value === undefined ? 0 : Array.isArray(value) ? value.length : 1;
    if (count < (type.min_items ?? 0)) problems.push(`${path}.${name} must be there ${type.min_items} times`);
  }
  return problems;
}

/**
 * Returns the schemas of a stack's providers by local name (`scaleway`), as its
 * `required_providers` bind them.
 */
function schemasOf(stack: JsonObject): Map<string, ProviderSchema> {
  const found = new Map([['terraform', builtin]]);
  const required = get(stack, 'terraform.required_providers');
  for (const [name, requirement] of Object.entries(isObject(required) ? required : {})) {
    const provider = providers.find((candidate) => candidate.source === get(requirement, 'source'));
    if (provider) found.set(name, provider.schema);
  }
  return found;
}

/** Returns the schema of a resource or data source type, if the stack has a provider for it. */
export function findSchema(stack: JsonObject, kind: 'resource' | 'data', type: string): Schema | undefined {
  const provider = schemasOf(stack).get(type.slice(0, type.indexOf('_')));
  return kind === 'resource' ? provider?.resource_schemas[type] : provider?.data_source_schemas[type];
}

/**
 * Checks a synthesized stack against the schemas of its providers. Unknown, computed and deprecated
 * attributes are not set; required ones are. Types and the number of blocks fit.
 *
 * @returns the problems; empty if there are none
 */
export function checkConformity(stack: JsonObject): string[] {
  const problems: string[] = [];
  for (const kind of ['resource', 'data'] as const) {
    for (const { type, name, body } of blocks(stack, kind)) {
      const schema = findSchema(stack, kind, type);
      const own = Object.fromEntries(Object.entries(body).filter(([key]) => !META_ARGUMENTS.has(key)));
      if (schema) problems.push(...checkBlock(`${type}.${name}`, own, schema.block));
      else problems.push(`${type}.${name}: no provider has a ${kind} of this type`);
    }
  }
  const configured = stack['provider'];
  for (const [name, configurations] of Object.entries(isObject(configured) ? configured : {})) {
    const schema = schemasOf(stack).get(name);
    if (!schema) problems.push(`provider.${name} is not required anywhere`);
    for (const configuration of Array.isArray(configurations) ? configurations : [configurations]) {
      if (schema && isObject(configuration)) {
        problems.push(...checkBlock(`provider.${name}`, configuration, schema.provider.block));
      }
    }
  }
  return problems;
}
