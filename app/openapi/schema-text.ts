import { z } from 'zod';

/** The part of JSON Schema that the wire schemas use. */
export interface JsonSchema {
  type?: string | string[] | undefined;
  format?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  minimum?: number | undefined;
  maximum?: number | undefined;
  maxLength?: number | undefined;
  maxItems?: number | undefined;
  properties?: Record<string, JsonSchema> | undefined;
  required?: string[] | undefined;
  items?: JsonSchema | undefined;
  prefixItems?: JsonSchema[] | undefined;
  anyOf?: JsonSchema[] | undefined;
}

export const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    maxLength: z.number().optional(),
    maxItems: z.number().optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    required: z.array(z.string()).optional(),
    // `false` after `prefixItems`: a tuple has no more elements.
    items: jsonSchema.or(z.literal(false).transform((): undefined => undefined)).optional(),
    prefixItems: z.array(jsonSchema).optional(),
    anyOf: z.array(jsonSchema).optional(),
  }),
);

/** Numbers beyond are no limits that somebody chose. */
const CHOSEN_LIMIT = 2 ** 31;

/**
 * Tells the type of a schema in a line, as TypeScript would.
 *
 * @example
 * typeOf({ anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] }); // 'uuid | null'
 */
export function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  if (schema.prefixItems) return `[${schema.prefixItems.map(typeOf).join(', ')}]`;
  if (schema.type === 'array') {
    const of = typeOf(schema.items ?? {});
    const most = schema.maxItems === undefined ? '' : ` ≤ ${schema.maxItems}`;
    return `${of.includes(' ') ? `(${of})` : of}[]${most}`;
  }
  if (schema.type === 'string') {
    const most = schema.maxLength === undefined ? '' : ` ≤ ${schema.maxLength}`;
    return `${schema.format ?? 'string'}${most}`;
  }
  return `${schema.type ?? 'any'}${limitsOf(schema)}`;
}

function limitsOf({ minimum = -CHOSEN_LIMIT, maximum = CHOSEN_LIMIT }: JsonSchema): string {
  const [least, most] = [minimum > -CHOSEN_LIMIT, maximum < CHOSEN_LIMIT];
  if (least && most) return ` ${minimum}–${maximum}`;
  return least ? ` ≥ ${minimum}` : most ? ` ≤ ${maximum}` : '';
}

/** A property of a schema. Its name ends in a question mark if it may be missing. */
export interface SchemaPart {
  name: string;
  schema: JsonSchema;
}

/** Returns the properties of an object, of the elements of a list, or of each alternative. */
export function partsOf(schema: JsonSchema): SchemaPart[] {
  if (schema.anyOf) return schema.anyOf.flatMap(partsOf);
  if (schema.items) return partsOf(schema.items);
  return Object.entries(schema.properties ?? {}).map(([name, one]) => ({
    name: (schema.required ?? []).includes(name) ? name : `${name}?`,
    schema: one,
  }));
}
