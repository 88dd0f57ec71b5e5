import { isIP, isIPv6 } from 'node:net';
import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/** The network address of the one who asks, for limits: an IPv4 address, or the /64 network of an IPv6 address. */
export type ClientAddress = (c: Context<AppEnv>) => string;

/**
 * Reads it from the connection, or, behind `trustedProxies` proxies of ours, from the entry of `X-Forwarded-For` that the
 * outermost of them wrote: each appends the address it was called from, so what stands further left is the caller's own
 * claim (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#selecting_an_ip_address).
 * A request that did not come through all of them counts by its connection.
 */
export const clientAddress =
  (trustedProxies: number): ClientAddress =>
  (c) => {
    const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim());
    const told = trustedProxies > 0 ? forwarded.at(-trustedProxies) : undefined;
    const address = told && isIP(told) ? told : c.env?.incoming?.socket.remoteAddress;
    return address === undefined ? 'unknown' : network(address);
  };

/** One household or server has at least a /64 of IPv6 addresses (RFC 6177), so that is what counts as one. */
function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  // An embedded IPv4 tail fills two groups; only the first four groups matter here.
  const width = right.length + (right.at(-1)?.includes('.') ? 1 : 0);
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - width) }, () => '0');
  const groups = [...left, ...(tail === undefined ? [] : zeros), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
