import { encodeMessage } from './protobuf.ts';

/** A provider schema as `tofu providers schema -json` prints it, limited to the parts used here. */
export interface AttributeSchema {
  /** Type in cty's JSON notation: `"string"`, `["list", "string"]`, … */
  type: unknown;
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  deprecated?: boolean;
}

export interface BlockTypeSchema {
  nesting_mode: 'single' | 'list' | 'set' | 'map';
  block: BlockSchema;
  min_items?: number;
  max_items?: number;
}

export interface BlockSchema {
  attributes?: Record<string, AttributeSchema>;
  block_types?: Record<string, BlockTypeSchema>;
  deprecated?: boolean;
}

export interface Schema {
  version: number;
  block: BlockSchema;
}

export interface ProviderSchema {
  provider: Schema;
  resource_schemas: Record<string, Schema>;
  data_source_schemas: Record<string, Schema>;
}

const NESTING = { single: 1, list: 2, set: 3, map: 4 };

function encodeBlock(block: BlockSchema): Uint8Array {
  return encodeMessage({
    2: Object.entries(block.attributes ?? {}).map(([name, attribute]) =>
      encodeMessage({
        1: name,
        2: JSON.stringify(attribute.type),
        4: attribute.required ?? false,
        5: attribute.optional ?? false,
        6: attribute.computed ?? false,
        7: attribute.sensitive ?? false,
        9: attribute.deprecated ?? false,
      }),
    ),
    3: Object.entries(block.block_types ?? {}).map(([name, type]) =>
      encodeMessage({
        1: name,
        2: encodeBlock(type.block),
        3: NESTING[type.nesting_mode],
        4: type.min_items ?? 0,
        5: type.max_items ?? 0,
      }),
    ),
    6: block.deprecated ?? false,
  });
}

const encodeSchema = (schema: Schema): Uint8Array =>
  encodeMessage({ 1: schema.version, 2: encodeBlock(schema.block) });

const encodeSchemas = (schemas: Record<string, Schema>): Uint8Array[] =>
  Object.entries(schemas).map(([name, schema]) => encodeMessage({ 1: name, 2: encodeSchema(schema) }));

/** The answer to GetProviderSchema of plugin protocol 6. */
export function encodeProviderSchema(schema: ProviderSchema): Uint8Array {
  return encodeMessage({
    1: encodeSchema(schema.provider),
    2: encodeSchemas(schema.resource_schemas),
    3: encodeSchemas(schema.data_source_schemas),
  });
}
