/** What of a Hono request (`c.req`) is looked at. */
interface Asking {
  url: string;
  header(name: 'origin'): string | undefined;
}

/** The full address of one of our pages, to be sent to somebody. */
export type PageLink = (request: Asking, path: string) => string;

/**
 * @param publicUrl the address people type; unset, the one that the asking page was loaded from (checked by
 *   `sameOrigin` before), because behind a proxy the request itself does not know its scheme
 */
export const pageLink =
  (publicUrl: string | undefined): PageLink =>
  (request, path) =>
    `${publicUrl ?? request.header('origin') ?? new URL(request.url).origin}${path}`;
