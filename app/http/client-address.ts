import type { Context } from 'hono';
import type { AppEnv } from './env.ts';
import { isLoopback, isPrivate, networkOf, networkSet, parseAddress } from './ip-address.ts';

/** Returns the network address of the client, for rate limits: an IPv4 address or an IPv6 /64. */
export type ClientAddress = (c: Context<AppEnv>) => string;

/** Returns the subject whose failures count together, for rate limits. */
export type Caller = (c: Context<AppEnv>) => string;

/**
 * Counts a signed-in user alone, so that nobody else at the address locks them out. Counts
 * everybody else by address.
 */
export const callerOf =
  (address: ClientAddress): Caller =>
  (c) =>
    c.var.session === null ? address(c) : `user ${c.var.session.id}`;

/**
 * The trusted proxies. A number: that many proxies each append to `X-Forwarded-For`. Networks: the
 * proxies are in these, or in any private or loopback network.
 */
export type TrustedProxies = number | { networks: readonly string[] };

/**
 * Reads the client address from the connection, or from `X-Forwarded-For` behind trusted proxies.
 *
 * Each proxy appends the address that called it. Entries left of our own proxies' entries are only
 * the caller's claim:
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#selecting_an_ip_address
 */
export function clientAddress(proxies: TrustedProxies): ClientAddress {
  const choose = typeof proxies === 'number' ? byCount(proxies) : byNetworks(proxies.networks);
  return (c) => {
    const forwarded = (c.req.header('x-forwarded-for') ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    const peer = parseAddress(c.env?.incoming?.socket.remoteAddress ?? '');
    const address = choose(forwarded, peer);
    return address === null ? 'unknown' : networkOf(address);
  };
}

/**
 * `forwarded`: the entries of the header, in order. `peer`: the connection's address; `null` for a
 * Unix socket.
 */
type Choice = (forwarded: readonly string[], peer: string | null) => string | null;

/**
 * Returns the entry of our outermost proxy. A request that did not pass all proxies counts by its
 * connection.
 */
const byCount =
  (count: number): Choice =>
  (forwarded, peer) =>
    (count > 0 ? parseAddress(forwarded.at(-count) ?? '') : null) ?? peer;

/**
 * Returns the rightmost public address that is not a trusted proxy. In a local network there is
 * none. Then the result is the rightmost address that is neither loopback nor a named proxy, else
 * the connection.
 */
function byNetworks(networks: readonly string[]): Choice {
  const isNamed = networkSet(networks);
  const isProxy = (address: string) => isLoopback(address) || isPrivate(address) || isNamed(address);
  return (forwarded, peer) => {
    // An untrusted caller can write anything into the header.
    if (peer !== null && !isProxy(peer)) return peer;
    let local: string | null = null;
    for (const entry of forwarded.toReversed()) {
      const address = parseAddress(entry);
      // Our proxy did not know its caller, so the entries to the left are unverified.
      if (address === null) break;
      if (!isProxy(address)) return address;
      if (!isLoopback(address) && !isNamed(address)) local ??= address;
    }
    return local ?? peer;
  };
}
