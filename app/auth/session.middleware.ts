import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { bearerOf } from '../http/bearer.ts';
import type { Caller } from '../http/client-address.ts';
import { describe } from '../http/describe.ts';
import type { AppEnv } from '../http/env.ts';
import { AppError } from '../http/errors.ts';
import { PER_ADDRESS, type RateLimits } from '../http/rate-limit.ts';
import { isTokenForm } from '../tokens/token-format.ts';
import type { Tokens } from '../tokens/tokens.service.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.service.ts';

export interface SessionDeps {
  sessions: Sessions;
  tokens: Tokens;
  cookie: SessionCookie;
  limits: RateLimits;
  caller: Caller;
}

const tokensByAddress = { name: 'token-address', ...PER_ADDRESS };

/**
 * Resolves the API token of the `Authorization` header, otherwise the session cookie, and stores
 * the user on the context. The user is `null` if the cookie is missing or invalid.
 *
 * A request with a Bearer header never counts by its cookie: same-origin.ts relies on that. Errors:
 * `token_invalid`, `token_in_query`, `too_many_attempts`; `unavailable`, as for every route behind
 * it.
 */
export function session(deps: SessionDeps) {
  const handler = createMiddleware<AppEnv>(async function session(c, next) {
    c.set('session', null);
    c.set('token', null);
    c.set('asOf', null);
    refuseTokenInQuery(c);
    const bearer = bearerOf(c.req);
    if (bearer === null) await resolveCookie(c, deps);
    else await resolveToken(c, bearer, deps);
    await next();
  });
  return describe(handler, {
    'x-errors': ['unavailable', 'token_invalid', 'token_in_query', 'too_many_attempts'],
  });
}

async function resolveCookie(c: Context<AppEnv>, { sessions, cookie }: SessionDeps): Promise<void> {
  const token = cookie.read(c);
  const found = token === undefined ? null : await sessions.resolve(token);
  c.set('session', found?.user ?? null);
  c.set('asOf', found?.asOf ?? null);
  if (found?.renewed) cookie.write(c, found.renewed);
}

async function resolveToken(
  c: Context<AppEnv>,
  bearer: string,
  { tokens, limits, caller }: SessionDeps,
): Promise<void> {
  // Nobody is signed in yet, so the caller is the address.
  const address = caller(c);
  const found = await tokens.resolve(bearer, address);
  if (!found) {
    await limits.countFailure(tokensByAddress, address);
    c.header('WWW-Authenticate', 'Bearer error="invalid_token"');
    throw new AppError('token_invalid', 'The token is malformed, unknown, revoked or expired.');
  }
  c.set('session', found.user);
  c.set('token', { scopes: found.scopes });
  c.set('asOf', found.asOf);
}

/** Addresses are kept by logs, histories and proxies, so a token in one is no secret any more. */
function refuseTokenInQuery(c: Context<AppEnv>): void {
  const query = Object.entries(c.req.queries());
  if (query.some(([name, values]) => name === 'access_token' || values.some(isTokenForm)))
    throw new AppError(
      'token_in_query',
      'Addresses are logged: revoke this token, and send another as "Authorization: Bearer".',
    );
}
