import type { MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { AppError } from './errors.ts';
import type { AppEnv, MemberEnv } from './env.ts';

/** Who may call a route. Every route of the API names one of these guards; a test enumerates them. */
export type Access = 'open' | 'member' | 'admin';

const accessOfGuard = new WeakMap<object, Access>();

function guard<Env extends AppEnv | MemberEnv>(
  access: Access,
  handler: MiddlewareHandler<Env>,
): MiddlewareHandler<Env> {
  accessOfGuard.set(handler, access);
  return handler;
}

/** What a guard lets through, for the test; `undefined` for any other middleware. */
export const accessOf = (handler: object): Access | undefined => accessOfGuard.get(handler);

/** Anybody, signed in or not. */
export const open = guard(
  'open',
  createMiddleware<AppEnv>(async function open(_c, next) {
    await next();
  }),
);

/** Anybody who is signed in; `c.var.session` is then the person. */
export const member = guard(
  'member',
  createMiddleware<MemberEnv>(async function member(c, next) {
    if (c.var.session === null) throw new AppError('not_signed_in', 'Sign in first.');
    await next();
  }),
);

/** Signed-in people who look after the folder. */
export const admin = guard(
  'admin',
  createMiddleware<MemberEnv>(async function admin(c, next) {
    if (c.var.session === null) throw new AppError('not_signed_in', 'Sign in first.');
    if (c.var.session.role !== 'admin') throw new AppError('not_allowed', 'Only an admin may do that.');
    await next();
  }),
);

/**
 * The account of who asks, as it is under a lock: one that was disabled since the request began may do nothing more.
 * Errors: not_signed_in.
 */
export function requireEnabled<Account extends { disabled_at: Date | null }>(
  account: Account | null | undefined,
): Account {
  if (!account || account.disabled_at !== null) throw new AppError('not_signed_in', 'Sign in first.');
  return account;
}

/** The owner rule of routes behind {@link member}: what is somebody's is theirs, and the admins'. Errors: not_allowed. */
export function requireOwner(ownerId: string | null, by: { id: string; role: string }): void {
  if (ownerId !== by.id && by.role !== 'admin')
    throw new AppError('not_allowed', 'Only the one who added it, or an admin, may do that.');
}
