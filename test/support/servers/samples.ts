import { z } from 'zod';
import { PASSWORD } from './app.ts';

/** The part of JSON Schema that the wire schemas use. */
export interface Schema {
  type?: string | undefined;
  format?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  default?: unknown;
  minimum?: number | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
}

/** Parses a schema of the API document. */
export const schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    format: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    default: z.unknown().optional(),
    minimum: z.number().optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    items: schema.optional(),
    anyOf: z.array(schema).optional(),
  }),
);

/**
 * Makes a valid value with the required properties only.
 * @param uuid the value of every UUID
 */
export function sample(of: Schema, uuid: string, name = ''): unknown {
  if (of.default !== undefined) return of.default;
  if (of.const !== undefined) return of.const;
  if (of.enum) return of.enum[0];
  if (of.anyOf) return sample(of.anyOf[0] ?? {}, uuid, name);
  if (of.properties)
    return Object.fromEntries(
      (of.required ?? []).map((key) => [key, sample(of.properties?.[key] ?? {}, uuid, key)]),
    );
  if (of.items) return [sample(of.items, uuid, name)];
  if (of.type === 'boolean') return false;
  if (of.type === 'integer') return of.minimum ?? 1;
  if (of.format === 'uuid') return uuid;
  return /password/i.test(name) ? PASSWORD : name === 'sha256' ? 'a'.repeat(64) : 'kissa';
}
