import type { Context, Env, ValidationTargets } from 'hono';
import { createMiddleware } from 'hono/factory';
import { uniqueSymbol, validator } from 'hono-openapi';
import type { z } from 'zod';
import { describe, schemaOf } from './describe.ts';
import { isErrorCode, type ErrorCode } from './errors.schema.ts';
import { AppError } from './errors.ts';

/**
 * Checks one part of a request against a wire schema.
 *
 * Errors: 422 for input that breaks the schema, with one entry a field. An entry is the rule's own
 * code where the schema gives one (`params: { code }` of a refinement). `body_missing` for no body,
 * `invalid_json` for a content type other than JSON. 404 for a path parameter that breaks the
 * schema: the item is unknown.
 *
 * @example
 * app.post('/tags', member, validate('json', tagBody), (c) => c.json(add(c.req.valid('json'))));
 */
export function validate<Target extends keyof ValidationTargets, Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) {
  const check = validator(
    target,
    schema,
    (result) => {
      if (result.success) return;
      if (target === 'param') throw new AppError('not_found', 'There is nothing at this address.');
      throw invalidFields(result.error, target);
    },
    // A form with a file is received as a stream, not validated here.
    target === 'form' ? { media: 'application/x-www-form-urlencoded' } : {},
  );
  const validated: typeof check = async function validate(c, next) {
    if (target === 'json') await requireJson(c);
    return check(c, next);
  };
  return Object.assign(validated, { [uniqueSymbol]: Reflect.get(check, uniqueSymbol) });
}

/**
 * Checks a JSON body that may be missing: then the schema gets `{}`. Errors: `invalid_json`; 422
 * for a body that breaks the schema.
 */
export function validateOptional<Schema extends z.ZodObject>(schema: Schema) {
  const handler = createMiddleware<Env, string, JsonInput<Schema>>(async function validateOptional(c, next) {
    const text = await c.req.text();
    c.req.addValidatedData('json', parseField('body', schema, text === '' ? {} : parseJson(text)));
    await next();
  });
  return describe(handler, {
    requestBody: {
      required: false,
      content: { 'application/json': { schema: schemaOf(schema, 'input') } },
    },
    'x-errors': ['invalid_json', 'invalid_field'],
  });
}

interface JsonInput<Schema extends z.ZodObject> {
  in: { json?: z.input<Schema> };
  out: { json: z.output<Schema> };
}

/**
 * Refuses a body that is not declared as JSON, and an empty body. Hono's validator takes the former
 * for an empty body and the latter for broken JSON.
 */
async function requireJson(c: Context): Promise<void> {
  // Hono keeps the text, so the validator reads it again from memory.
  if ((await c.req.text()).trim() === '') throw new AppError('body_missing', 'The request has no body.');
  if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new AppError('invalid_json', 'Send the body as application/json.');
}

/**
 * Checks one field that no validator has seen, such as a field of a multipart form. Errors: 422,
 * naming `field`.
 */
export function parseField<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidFields(result.error.issues, name);
}

/** Parses the JSON of an optional body; a validator would demand a body. Errors: `invalid_json`. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_json', 'The request body is not valid JSON.', { cause });
  }
}

/** An issue of zod, as Standard Schema and as zod itself write it. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly params?: unknown;
}

function invalidFields(issues: readonly Issue[], whole: string): AppError {
  const fields: Record<string, string> = {};
  for (const issue of issues) fields[pathOf(issue) || whole] ??= issue.message;
  const names = Object.keys(fields).join(', ');
  return new AppError(ownCode(issues[0]) ?? 'invalid_field', `This does not fit: ${names}.`, {
    details: { fields },
  });
}

const pathOf = ({ path = [] }: Issue): string =>
  path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');

/** Returns the code that a refinement gave the issue (`params: { code }`). */
function ownCode(issue: Issue | undefined): ErrorCode | undefined {
  const params = issue?.params;
  if (typeof params !== 'object' || params === null || !('code' in params)) return undefined;
  return isErrorCode(params.code) ? params.code : undefined;
}
