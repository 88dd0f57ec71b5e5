import { STATUS_CODES } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import {
  describe,
  schemaOf,
  type Access,
  type Answer,
  type RouteDescription,
  type RouteScope,
} from './describe.ts';
import type { ErrorCode } from './errors.schema.ts';
import { AppError } from './errors.ts';
import type { AppEnv, MemberEnv, SessionUser } from './env.ts';

const accessOfGuard = new WeakMap<object, Access>();

/** Returns the access of a guard, for the test; `undefined` for any other middleware. */
export const accessOf = (handler: object): Access | undefined => accessOfGuard.get(handler);

/**
 * Creates the guard of one route. It is the first middleware of the route, and holds the route's
 * description.
 */
function guard<Env extends AppEnv | MemberEnv>(
  access: Access,
  { summary, scope, withoutPasskey, answers, errors = [], upload }: RouteDescription,
  handler: MiddlewareHandler<Env>,
): MiddlewareHandler<Env> {
  accessOfGuard.set(handler, access);
  return describe(handler, {
    summary,
    'x-access': access,
    'x-scope': scope,
    'x-errors': [
      ...ERRORS_OF_ACCESS[access],
      ...(access === 'open' || withoutPasskey ? [] : (['passkey_required'] as const)),
      ...errorsOfScope(scope),
      ...errors,
    ],
    ...(access !== 'open' && { security: [{ session: [] }, ...securityOf(scope)] }),
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

const errorsOfScope = (scope: RouteScope): readonly ErrorCode[] =>
  scope === 'any' ? [] : scope === 'none' ? ['token_not_allowed'] : ['scope_missing'];

const securityOf = (scope: RouteScope) =>
  scope === 'none' ? [] : [{ token: scope === 'any' ? [] : [scope] }];

/**
 * Refuses a token that lacks the scope of a route. Errors: `scope_missing`, `token_not_allowed`.
 */
function requireScope<Env extends AppEnv | MemberEnv>(scope: RouteScope, c: Context<Env>): void {
  // A route before the session middleware looks at no token.
  const { token } = c.var;
  if (!token || scope === 'any') return;
  if (scope === 'none')
    throw new AppError('token_not_allowed', 'No token may do this. Sign in with a browser.');
  if (token.scopes.includes(scope)) return;
  c.header('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${scope}"`);
  throw new AppError('scope_missing', `The token lacks the scope "${scope}".`, { details: { scope } });
}

/**
 * Refuses a session or token that lacks a required passkey, except on the way to one. Errors:
 * `passkey_required`.
 */
function requirePasskey({ withoutPasskey }: RouteDescription, session: SessionUser): void {
  if (session.needsPasskey && !withoutPasskey) throw passkeyRequired();
}

/** The error of an admin who lacks the passkey that the folder requires. */
export const passkeyRequired = () =>
  new AppError(
    'passkey_required',
    'This folder requires a passkey of administrators. Sign in with yours, or add one under Account.',
  );

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
    createMiddleware<AppEnv>(async function open(c, next) {
      requireScope(route.scope, c);
      await next();
    }),
  );

/**
 * Admits signed-in users; sets `c.var.session`. Errors: `not_signed_in`, `passkey_required`.
 *
 * @example
 * app.get('/people', member({ summary: 'Users', scope: 'read', answers: { 200: people } }), …);
 */
export const member = (route: RouteDescription) => guard('member', route, requireSession(route));

/**
 * Like {@link member}, for a route whose service calls {@link requireOwner}. Documents the access
 * and its errors.
 */
export const owner = (route: RouteDescription) => guard('owner', route, requireSession(route));

const requireSession = (route: RouteDescription) =>
  createMiddleware<MemberEnv>(async function member(c, next) {
    if (c.var.session === null) throw new AppError('not_signed_in', 'Sign in first.');
    requirePasskey(route, c.var.session);
    requireScope(route.scope, c);
    await next();
  });

/** Admits signed-in admins. Errors: `not_signed_in`, `passkey_required`, `not_allowed`. */
export const admin = (route: RouteDescription) =>
  guard(
    'admin',
    route,
    createMiddleware<MemberEnv>(async function admin(c, next) {
      if (c.var.session === null) throw new AppError('not_signed_in', 'Sign in first.');
      requirePasskey(route, c.var.session);
      requireScope(route.scope, c);
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
