import { z } from 'zod';
import type { Random } from '../media/seeded.ts';

/** The part of JSON Schema that the inputs of the API use. */
export interface InputSchema {
  type?: string | undefined;
  format?: string | undefined;
  pattern?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  minimum?: number | undefined;
  maximum?: number | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  properties?: Record<string, InputSchema> | undefined;
  required?: string[] | undefined;
  items?: InputSchema | undefined;
  anyOf?: InputSchema[] | undefined;
}

/** Parses the schema of an input in the API document. */
export const inputSchema: z.ZodType<InputSchema> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    properties: z.record(z.string(), inputSchema).optional(),
    required: z.array(z.string()).optional(),
    items: inputSchema.optional(),
    anyOf: z.array(inputSchema).optional(),
  }),
);

/** Words for any text: usual ones, the edges of Unicode, and the language of the search. */
const WORDS = [
  'kissa',
  'Maanantai aamuna',
  'a'.repeat(64),
  'a'.repeat(22),
  '1700000000000-1700086400000',
  '0',
  'is:mine -type:video "a b"',
  'like:',
  '((((',
  'äö ÅÄÖ ß İ',
  '👩‍👩‍👧‍👦',
  '\u202eabc\u2066',
  '%00 %2F ../',
  `'; drop table users; --`,
  ' ',
  '',
];

/** Values that hardly any schema accepts. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  Number.MAX_SAFE_INTEGER,
  '',
  'kis\0sa',
  'kis\ud800sa',
  'x'.repeat(5001),
  '9'.repeat(400),
  '2026-02-30T25:61:00Z',
  '__proto__',
  [],
  {},
  [[]],
  ['\0'],
  { toString: 1 },
];

/** Largest number of elements and length of a text that is not asked for. */
const SOME_ITEMS = 3;
const MANY_ITEMS = 130;
const ANY_LENGTH = 300;

/** Makes values by JSON Schema, the same for the same generator. */
export interface Values {
  below(count: number): number;
  pick<T>(from: readonly T[]): T;
  /** Makes a value that mostly fits: within limits and at them. Only patterns are not solved. */
  fitting(schema: InputSchema, name?: string): unknown;
  /** Breaks a value somewhere: another type, a missing or unknown property, too many elements. */
  broken(value: unknown): unknown;
}

/**
 * Creates the maker.
 *
 * @param known values that exist, by the name of their property; `uuid`: of any
 */
export function createValues(random: Random, known: Readonly<Record<string, readonly string[]>>): Values {
  const below = (count: number) => Math.floor(random() * count);
  function pick<T>(from: readonly T[]): T {
    const at = below(from.length);
    for (const one of from.slice(at, at + 1)) return one;
    throw new Error('There is nothing to pick from.');
  }

  function text({ format, pattern, minLength = 0, maxLength = ANY_LENGTH }: InputSchema, name: string) {
    const shape = pattern === undefined ? null : new RegExp(pattern, 'u');
    const own = [...(known[name] ?? []), ...(format === 'uuid' ? (known['uuid'] ?? []) : [])];
    const fits = (one: string) =>
      one.length >= minLength && one.length <= maxLength && (shape?.test(one) ?? true);
    const fitting = [...own, ...(shape ? [] : ['x'.repeat(maxLength)]), ...WORDS].filter(fits);
    // A name of a thing that exists gets further than a word.
    const preferred = own.filter(fits);
    if (preferred.length > 0 && below(4) > 0) return pick(preferred);
    return fitting.length > 0 ? pick(fitting) : 'x'.repeat(minLength);
  }

  function number({ type, minimum = -1000, maximum = 1_000_000 }: InputSchema) {
    const within = minimum + below(Math.min(maximum - minimum, 1000) + 1);
    return pick([minimum, maximum, within, within, ...(type === 'number' ? [within / 3] : [])]);
  }

  function fitting(schema: InputSchema, name = ''): unknown {
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return pick(schema.enum);
    if (schema.anyOf) return fitting(pick(schema.anyOf), name);
    if (schema.type === 'object' || schema.properties) {
      const chosen = Object.entries(schema.properties ?? {}).filter(
        ([key]) => (schema.required ?? []).includes(key) || below(2) === 0,
      );
      return Object.fromEntries(chosen.map(([key, one]) => [key, fitting(one, key)]));
    }
    if (schema.type === 'array') {
      const { minItems = 0, maxItems = SOME_ITEMS, items = {} } = schema;
      const most = below(8) === 0 ? Math.min(maxItems, MANY_ITEMS) : Math.min(maxItems, SOME_ITEMS);
      const count = minItems + below(Math.max(0, most - minItems) + 1);
      return Array.from({ length: count }, () => fitting(items, name));
    }
    if (schema.type === 'boolean') return below(2) === 0;
    if (schema.type === 'null') return null;
    if (schema.type === 'integer' || schema.type === 'number') return number(schema);
    return text(schema, name);
  }

  function broken(value: unknown): unknown {
    if (below(4) === 0) return pick(HOSTILE);
    if (Array.isArray(value)) {
      const elements: unknown[] = value;
      const filled = elements.length > 0 ? elements : ['kissa'];
      const at = below(filled.length);
      return pick<() => unknown>([
        () => [],
        () => [...filled, ...filled],
        () => Array.from({ length: MANY_ITEMS }, () => filled[0]),
        () => filled.map((one, i) => (i === at ? broken(one) : one)),
      ])();
    }
    const object = z.record(z.string(), z.unknown()).safeParse(value).data;
    const keys = Object.keys(object ?? {});
    if (!object || keys.length === 0) return pick(HOSTILE);
    const key = pick(keys);
    const { [key]: one, ...others } = object;
    return pick<() => unknown>([
      () => others,
      () => ({ ...object, unknown: 'kissa', constructor: null }),
      () => ({ ...others, [key]: broken(one) }),
      () => ({ ...others, [key]: broken(one) }),
    ])();
  }

  return { below, pick, fitting, broken };
}
