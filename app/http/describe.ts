import { resolver, uniqueSymbol, type DescribeRouteOptions, type HandlerUniqueProperty } from 'hono-openapi';
import type { z } from 'zod';
import type { ErrorCode } from './errors.schema.ts';
import type { TokenScope } from './scopes.limits.ts';

/** The callers a route admits. `owner`: the owner of the item, or an admin. */
export type Access = 'open' | 'member' | 'owner' | 'admin';

/**
 * The scope that an API token needs for a route. `any`: every token may call it. `none`: no token
 * may. Sign-in, passwords, sessions, tokens, invites and roles are for browsers only. A leaked
 * token then opens no further way in.
 */
export type RouteScope = TokenScope | 'any' | 'none';

/** A body: JSON of a schema, bytes of a media type, or `null` for none. */
export type Answer = z.ZodType | `${string}/${string}` | null;

/**
 * The part of a route's description that its guard holds. Validators and body limits describe
 * themselves.
 */
export interface RouteDescription {
  /** Purpose of the route, in a few words. */
  summary: string;
  /** The scope that a token needs; cookies have none. */
  scope: RouteScope;
  /** A session that lacks a required passkey may call it: it leads to one, or out. */
  withoutPasskey?: true;
  /** Every status whose body is not an error, with its body. */
  answers: Record<number, Answer>;
  /** The errors of the handler. The document adds those of guards, validators and body limits. */
  errors?: readonly ErrorCode[];
  /** The fields of a form with a file, which the handler receives as a stream. */
  upload?: z.ZodObject;
}

/** The description of one middleware. The document merges those of all middlewares of a route. */
export type Description = DescribeRouteOptions & {
  'x-access'?: Access;
  'x-scope'?: RouteScope;
  'x-errors'?: readonly ErrorCode[];
};

/** Adds a description to a middleware, for the API document. Changes nothing at run time. */
export function describe<Handler extends object>(handler: Handler, spec: Description): Handler {
  return Object.assign(handler, { [uniqueSymbol]: { spec } satisfies HandlerUniqueProperty });
}

/** Converts a schema when the document is generated. `io`: the side of its transformations. */
export const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => resolver(schema, { options: { io } });
