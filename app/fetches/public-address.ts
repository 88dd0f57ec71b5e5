import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Global unicast (RFC 4291 §2.4). The rest of IPv6 is special, unassigned, or a spelling of IPv4:
 * compatible (`::/96`), mapped, translated.
 */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/** The host of Azure's machines: a metadata service at a public address. */
const METADATA = new Set(['168.63.129.16']);

/**
 * Tells whether an IP address is plain global unicast. Private, local, shared, multicast, metadata,
 * documentation and benchmark networks are not. Nor are tunnels and translations to IPv4.
 * `ipaddr.js` knows the special-purpose registries of IANA.
 *
 * @param address as the resolver answers it; other spellings are not public
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%') || METADATA.has(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST);
}
