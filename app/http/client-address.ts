import type { Context } from 'hono';
import type { AppEnv } from './env.ts';
import { isLoopback, isPrivate, networkOf, networkSet, parseAddress } from './ip-address.ts';

/** The network address of the one who asks, for limits: an IPv4 address, or the /64 network of an IPv6 address. */
export type ClientAddress = (c: Context<AppEnv>) => string;

/** Whose failures count together, for limits. */
export type Caller = (c: Context<AppEnv>) => string;

/** A signed-in person counts alone, so that nobody else at the address keeps them out; anybody else by address. */
export const callerOf =
  (address: ClientAddress): Caller =>
  (c) =>
    c.var.session === null ? address(c) : `user ${c.var.session.id}`;

/**
 * Which proxies are ours: a number of them, each of which appends to `X-Forwarded-For`, or the networks they
 * are in, besides every private and loopback network.
 */
export type TrustedProxies = number | { networks: readonly string[] };

/**
 * Reads the address from the connection, or behind proxies of ours from `X-Forwarded-For`. Each proxy appends
 * the address that called it, so what stands further left than our own proxies' entries is the caller's claim
 * (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#selecting_an_ip_address).
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

/** `forwarded`: the entries of the header, in its order. `peer`: the connection; `null` for a Unix socket. */
type Choice = (forwarded: readonly string[], peer: string | null) => string | null;

/** The entry that the outermost of our proxies wrote. A request that did not pass all of them counts by its connection. */
const byCount =
  (count: number): Choice =>
  (forwarded, peer) =>
    (count > 0 ? parseAddress(forwarded.at(-count) ?? '') : null) ?? peer;

/**
 * The rightmost public address that is no proxy of ours. Without one (a local network): the rightmost that is
 * neither loopback nor a named proxy, or the connection.
 */
function byNetworks(networks: readonly string[]): Choice {
  const isNamed = networkSet(networks);
  const isProxy = (address: string) => isLoopback(address) || isPrivate(address) || isNamed(address);
  return (forwarded, peer) => {
    // A caller that is no proxy of ours can write anything into the header.
    if (peer !== null && !isProxy(peer)) return peer;
    let local: string | null = null;
    for (const entry of forwarded.toReversed()) {
      const address = parseAddress(entry);
      // Our proxy did not know who called it, so the rest is a claim of nobody knows whom.
      if (address === null) break;
      if (!isProxy(address)) return address;
      if (!isLoopback(address) && !isNamed(address)) local ??= address;
    }
    return local ?? peer;
  };
}
