import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { AppError } from './errors.ts';
import type { AppEnv, MemberEnv } from './env.ts';

/**
 * The callers a route admits. Every API route names one of these guards; a test lists all routes.
 */
export type Access = 'open' | 'member' | 'admin';

const accessOfGuard = new WeakMap<object, Access>();

function guard<Env extends AppEnv | MemberEnv>(
  access: Access,
  handler: MiddlewareHandler<Env>,
): MiddlewareHandler<Env> {
  accessOfGuard.set(handler, access);
  return handler;
}

/** Returns the access of a guard, for the test; `undefined` for any other middleware. */
export const accessOf = (handler: object): Access | undefined => accessOfGuard.get(handler);

/** Admits everybody, signed in or not. */
export const open = guard(
  'open',
  createMiddleware<AppEnv>(async function open(_c, next) {
    await next();
  }),
);

/** Admits signed-in users; sets `c.var.session`. Errors: `not_signed_in`. */
export const member = guard(
  'member',
  createMiddleware<MemberEnv>(async function member(c, next) {
    if (c.var.session === null) throw new AppError('not_signed_in', 'Sign in first.');
    await next();
  }),
);

/** Admits signed-in admins. Errors: `not_signed_in`, `not_allowed`. */
export const admin = guard(
  'admin',
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
 * Throws `not_allowed` unless the user owns the item or is an admin. Use it behind {@link member}.
 */
export function requireOwner(ownerId: string | null, by: { id: string; role: string }): void {
  if (ownerId !== by.id && by.role !== 'admin')
    throw new AppError('not_allowed', 'Only the one who added it, or an admin, may do that.');
}
