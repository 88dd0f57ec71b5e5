import { zValidator } from '@hono/zod-validator';
import type { Context, ValidationTargets } from 'hono';
import type { z } from 'zod';
import { isErrorCode } from './errors.schema.ts';
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
  const check = zValidator(target, schema, (result) => {
    if (result.success) return;
    if (target === 'param') throw new AppError('not_found', 'There is no such thing here.');
    throw invalidFields(result.error.issues, target);
  });
  const validated: typeof check = async function validate(c, next) {
    if (target === 'json') await requireJson(c);
    return check(c, next);
  };
  return validated;
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
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_json', 'The request body is not valid JSON.', { cause });
  }
}

interface Issue {
  path: PropertyKey[];
  message: string;
  params?: Record<string, unknown> | undefined;
}

function invalidFields(issues: readonly Issue[], whole: string): AppError {
  const own = issues[0]?.params?.['code'];
  const fields: Record<string, string> = {};
  for (const issue of issues) fields[issue.path.map(String).join('.') || whole] ??= issue.message;
  const names = Object.keys(fields).join(', ');
  return new AppError(isErrorCode(own) ? own : 'invalid_field', `This does not fit: ${names}.`, {
    details: { fields },
  });
}
