import { zValidator } from '@hono/zod-validator';
import type { ValidationTargets } from 'hono';
import type { z } from 'zod';
import { AppError } from './errors.ts';

/**
 * Checks one part of a request against a wire schema. What does not fit is a 422 that names each field with what is wrong with it.
 * A path parameter that does not fit is an unknown item: 404.
 */
export function validate<Target extends keyof ValidationTargets, Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) {
  return zValidator(target, schema, (result) => {
    if (result.success) return;
    if (target === 'param') throw new AppError('not_found', 'There is no such thing here.');
    throw invalidFields(result.error.issues, target);
  });
}

/** Checks one field that did not come through a validator, of a multipart form for example. */
export function parseField<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidFields(result.error.issues, name);
}

function invalidFields(issues: readonly { path: PropertyKey[]; message: string }[], whole: string): AppError {
  const fields: Record<string, string> = {};
  for (const issue of issues) fields[issue.path.map(String).join('.') || whole] ??= issue.message;
  const names = Object.keys(fields).join(', ');
  return new AppError('invalid_field', `This does not fit: ${names}.`, { details: { fields } });
}
