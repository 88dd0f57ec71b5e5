import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** Networks that the internet does not route: IANA's special-purpose registries. */
const PRIVATE_NETWORKS = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  // Shared by carriers, platforms and overlay networks (RFC 6598).
  '100.64.0.0/10',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '::/128',
  'fc00::/7',
  'fe80::/10',
];

/**
 * Normalises an address as proxies write it: IPv4 with dots, IPv6 in eight groups. Unwraps
 * IPv4-mapped IPv6; drops brackets, port and zone. Returns `null` for other text.
 */
export function parseAddress(text: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return null;
  const groups = groupsOf(bare.split('%')[0] ?? '');
  if (!groups.slice(0, 6).every((group, i) => group === (i < 5 ? 0 : 0xffff)))
    return groups.map((group) => group.toString(16)).join(':');
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** Returns the eight groups of a valid IPv6 address without a zone. */
function groupsOf(address: string): number[] {
  const halves = address.split('::').map((half) => (half === '' ? [] : half.split(':').flatMap(numbersOf)));
  const [left = [], right = []] = halves;
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0);
  return [...left, ...zeros, ...right];
}

/** Parses one hexadecimal group, or an IPv4 tail, which fills two groups. */
function numbersOf(group: string): number[] {
  if (!group.includes('.')) return [Number.parseInt(group, 16)];
  const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

/**
 * Returns the network that a rate limit counts. One household or server has at least an IPv6 /64
 * (RFC 6177), so a /64 counts as one.
 */
export const networkOf = (address: string): string =>
  isIPv4(address) ? address : `${address.split(':').slice(0, 4).join(':')}::/64`;

/** Tells whether the text is a network (`10.0.0.0/8`, `2001:db8::/32`) or a single address. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/**
 * Creates a test of whether a {@link parseAddress} result lies in one of the networks. Each network
 * is written as {@link isNetwork} accepts it.
 */
export function networkSet(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

export const isLoopback = networkSet(['127.0.0.0/8', '::1/128']);
export const isPrivate = networkSet(PRIVATE_NETWORKS);
