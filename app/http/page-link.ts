import { bearerOf } from './bearer.ts';

/** The part of a Hono request (`c.req`) that is needed. */
interface Asking {
  url: string;
  header(name: 'origin' | 'authorization'): string | undefined;
}

/**
 * Leaves out the `Origin` of a request that `sameOrigin` does not check: any page or program may
 * have sent it.
 */
export const withoutOrigin = ({ url }: Pick<Asking, 'url'>): Asking => ({ url, header: () => undefined });

/** Returns the full address of one of our pages, for sharing. */
export type PageLink = (request: Asking, path: string) => string;

/**
 * Creates a {@link PageLink}.
 *
 * @param publicUrl the address people type. If unset, the origin of the requesting page counts,
 *   which `sameOrigin` has checked ({@link withoutOrigin} if it has not). It has not beside an API
 *   token. Behind a proxy the request does not know its scheme.
 */
export const pageLink =
  (publicUrl: string | undefined): PageLink =>
  (request, path) =>
    `${publicUrl ?? originOf(request) ?? new URL(request.url).origin}${path}`;

/** Returns the origin that `sameOrigin` has checked. */
const originOf = (request: Asking) => (bearerOf(request) === null ? request.header('origin') : undefined);
