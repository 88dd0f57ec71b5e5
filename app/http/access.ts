import { STATUS_CODES } from 'node:http';
import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { describe, schemaOf, type Access, type Answer, type RouteDescription } from './describe.ts';
import type { ErrorCode } from './errors.schema.ts';
import { AppError } from './errors.ts';
import type { AppEnv, MemberEnv } from './env.ts';

const accessOfGuard = new WeakMap<object, Access>();

/** Returns the access of a guard, for the test; `undefined` for any other middleware. */
export const accessOf = (handler: object): Access | undefined => accessOfGuard.get(handler);

/**
 * Creates the guard of one route. It is the first middleware of the route, and holds the route's
 * description.
 */
function guard<Env extends AppEnv | MemberEnv>(
  access: Access,
  { summary, answers, errors = [], upload }: RouteDescription,
  handler: MiddlewareHandler<Env>,
): MiddlewareHandler<Env> {
  accessOfGuard.set(handler, access);
  return describe(handler, {
    summary,
    'x-access': access,
    'x-errors': [...ERRORS_OF_ACCESS[access], ...errors],
    ...(access !== 'open' && { security: [{ session: [] }] }),
    ...(upload && {
      requestBody: {
        required: true,
        content: { 'multipart/form-data': { schema: schemaOf(upload, 'input') } },
      },
    }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, responseOf(status, answer)]),
    ),
  });
}

const ERRORS_OF_ACCESS: Record<Access, readonly ErrorCode[]> = {
  open: [],
  member: ['not_signed_in'],
  owner: ['not_signed_in', 'not_allowed', 'not_found'],
  admin: ['not_signed_in', 'not_allowed'],
};

function responseOf(status: string, answer: Answer) {
  const description = STATUS_CODES[status] ?? status;
  if (answer === null) return { description };
  if (typeof answer === 'string') return { description, content: { [answer]: {} } };
  return { description, content: { 'application/json': { schema: schemaOf(answer, 'output') } } };
}

/** Admits everybody, signed in or not. */
export const open = (route: RouteDescription) =>
  guard(
    'open',
    route,
    createMiddleware<AppEnv>(async function open(_c, next) {
      await next();
    }),
  );

/**
 * Admits signed-in users; sets `c.var.session`. Errors: `not_signed_in`.
 *
 * @example
 * app.get('/people', member({ summary: 'Users with items', answers: { 200: people } }), (c) => …);
 */
export const member = (route: RouteDescription) => guard('member', route, requireSession());

/**
 * Like {@link member}, for a route whose service calls {@link requireOwner}. Documents the access
 * and its errors.
 */
export const owner = (route: RouteDescription) => guard('owner', route, requireSession());

const requireSession = () =>
  createMiddleware<MemberEnv>(async function member(c, next) {
    if (c.var.session === null) throw new AppError('not_signed_in', 'Sign in first.');
    await next();
  });

/** Admits signed-in admins. Errors: `not_signed_in`, `not_allowed`. */
export const admin = (route: RouteDescription) =>
  guard(
    'admin',
    route,
    createMiddleware<MemberEnv>(async function admin(c, next) {
      if (c.var.session === null) throw new AppError('not_signed_in', 'Sign in first.');
      if (c.var.session.role !== 'admin') throw new AppError('not_allowed', 'Only an admin may do that.');
      await next();
    }),
  );

/**
 * Throws `not_signed_in` unless the account exists and is enabled. The caller reads the account
 * under a lock, so a user disabled during the request can do nothing more.
 */
export function requireEnabled<Account extends { disabled_at: Date | null }>(
  account: Account | null | undefined,
): Account {
  if (!account || account.disabled_at !== null) throw new AppError('not_signed_in', 'Sign in first.');
  return account;
}

/**
 * Throws `not_allowed` unless the user owns the item or is an admin. Use it behind {@link owner}.
 */
export function requireOwner(ownerId: string | null, by: { id: string; role: string }): void {
  if (ownerId !== by.id && by.role !== 'admin')
    throw new AppError('not_allowed', 'Only the uploader or an admin may do that.');
}
