import { isIP } from 'node:net';

/**
 * The site as passkeys know it ("relying party" of WebAuthn). A browser uses a passkey only on
 * `id` and the hosts below it.
 */
export interface RelyingParty {
  /** Host name of the site. */
  id: string;
  /** The origins whose pages may use the passkeys. */
  origins: string[];
}

/** The part of a Hono request (`c.req`) that is needed. */
interface Asking {
  url: string;
  header(name: 'host'): string | undefined;
}

/** Returns the relying party of a request; `null` where browsers offer no passkeys. */
export type RelyingPartyOf = (request: Asking) => RelyingParty | null;

/**
 * Creates a {@link RelyingPartyOf}.
 *
 * @param publicUrl the address people type. If unset, only `localhost` has passkeys. The sender of
 *   a request chooses its Host, and behind a proxy the request does not know its scheme.
 */
export function relyingParty(publicUrl: string | undefined): RelyingPartyOf {
  if (publicUrl !== undefined) {
    const own = relyingPartyAt(publicUrl);
    return () => own;
  }
  return (request) => {
    const host = request.header('host') ?? new URL(request.url).host;
    const party = relyingPartyAt(`http://${host}`);
    return party && { ...party, origins: [`http://${host}`, `https://${host}`] };
  };
}

/**
 * Returns the relying party of an address. `null` unless it is `localhost`, or HTTPS with a host
 * name: https://www.w3.org/TR/webauthn-3/#relying-party-identifier.
 */
export function relyingPartyAt(address: string): RelyingParty | null {
  const url = URL.parse(address);
  if (url === null) return null;
  const { protocol, hostname, origin } = url;
  const hasName = isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
  const secure = hostname === 'localhost' || (protocol === 'https:' && hasName);
  return secure ? { id: hostname, origins: [origin] } : null;
}
