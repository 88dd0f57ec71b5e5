import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** Networks of machines that nobody reaches from the internet: IANA's special-purpose registries. */
const PRIVATE_NETWORKS = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10', // shared by carriers, platforms and overlay networks (RFC 6598)
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
 * An address as proxies write it, in one spelling: IPv4 with dots, IPv6 in eight groups. Takes an IPv4 address
 * out of its IPv6 form, and drops brackets, port and zone. `null`: this is no address.
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

/** The eight groups of a valid IPv6 address without a zone. */
function groupsOf(address: string): number[] {
  const halves = address.split('::').map((half) => (half === '' ? [] : half.split(':').flatMap(numbersOf)));
  const [left = [], right = []] = halves;
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0);
  return [...left, ...zeros, ...right];
}

/** One group in hexadecimal, or an IPv4 tail, which fills two groups. */
function numbersOf(group: string): number[] {
  if (!group.includes('.')) return [Number.parseInt(group, 16)];
  const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

/** For limits: one household or server has at least a /64 of IPv6 addresses (RFC 6177), so that counts as one. */
export const networkOf = (address: string): string =>
  isIPv4(address) ? address : `${address.split(':').slice(0, 4).join(':')}::/64`;

/** Whether the text is a network (`10.0.0.0/8`, `2001:db8::/32`) or a single address. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

/** Tells whether an address of {@link parseAddress} lies in one of the networks, each as {@link isNetwork} takes it. */
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
