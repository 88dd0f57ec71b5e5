import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { clientAddress, type TrustedProxies } from '../../../app/http/client-address.ts';
import type { AppEnv } from '../../../app/http/env.ts';
import { isNetwork, parseAddress } from '../../../app/http/ip-address.ts';

async function ask(proxies: TrustedProxies, remoteAddress: string | undefined, forwarded?: string) {
  const probe = new Hono<AppEnv>().get('/', (c) => c.text(clientAddress(proxies)(c)));
  const env = remoteAddress === undefined ? {} : { incoming: { socket: { remoteAddress } } };
  const headers = new Headers(forwarded === undefined ? [] : [['x-forwarded-for', forwarded]]);
  return (await probe.request('/', { headers }, env)).text();
}

const VISITOR = '198.51.100.7';

describe('the address of a visitor behind proxies in private networks', () => {
  it.each([
    ['Scaleway’s local ingress', '127.0.0.1', `${VISITOR}, 127.0.0.1, 127.0.0.2`],
    ['Scaleway as documented', '10.1.2.3', VISITOR],
    ['Knative with several hops', '10.42.0.9', `${VISITOR}, 10.0.3.1, 100.64.7.7, 10.42.0.1`],
    ['one proxy on the same host', '172.18.0.1', VISITOR],
    ['one proxy by loopback over IPv6', '::1', VISITOR],
    ['a proxy in IPv6 clothes', '::ffff:10.0.0.1', VISITOR],
    ['a Unix socket', undefined, VISITOR],
    ['a link-local proxy with its zone', 'fe80::1%eth0', VISITOR],
    ['a unique local proxy', 'fd12:3456::1', VISITOR],
    ['a forged entry', '10.0.0.1', `203.0.113.66, ${VISITOR}`],
    ['many forged entries', '10.0.0.1', `${'203.0.113.66, '.repeat(500)}${VISITOR}, 10.0.0.2`],
    ['forged private entries', '10.0.0.1', `127.0.0.1, 10.0.0.9, ${VISITOR}`],
    ['garbage on the left', '10.0.0.1', `<script>, unknown, ${VISITOR}`],
    ['a port', '10.0.0.1', `${VISITOR}:51234`],
    ['an IPv4-mapped entry', '10.0.0.1', `::ffff:${VISITOR}`],
    ['an IPv4-mapped entry in hexadecimal', '10.0.0.1', '::ffff:c633:6407'],
    ['a mapped entry in brackets with a port', '10.0.0.1', `[::ffff:${VISITOR}]:443, 10.0.0.2`],
    ['empty entries', '10.0.0.1', ` , ${VISITOR},, `],
    ['spaces and tabs', '10.0.0.1', `1.1.1.1 ,\t${VISITOR}  `],
    ['no proxy, and a claim', VISITOR, '203.0.113.66'],
    ['no proxy, and a private claim', VISITOR, '127.0.0.1'],
    ['no proxy, and no header', VISITOR, undefined],
  ])('is right with %s', async (_what, peer, forwarded) => {
    expect(await ask({ networks: [] }, peer, forwarded)).toBe(VISITOR);
  });

  it.each([
    ['an IPv6 visitor', '10.0.0.1', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['one with brackets and a port', '10.0.0.1', '[2001:DB8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['a visitor of a local network', '127.0.0.1', '192.168.1.20', '192.168.1.20'],
    ['one behind two loopback hops', '::1', '192.168.1.20, 127.0.0.1, ::1', '192.168.1.20'],
    ['the rightmost of a local network', '172.18.0.1', '192.168.1.66, 192.168.1.20', '192.168.1.20'],
    ['nobody but loopback', '127.0.0.1', '127.0.0.9, ::1', '127.0.0.1'],
    ['a proxy that says nothing', '172.18.0.1', undefined, '172.18.0.1'],
    ['a caller our proxy does not know', '10.0.0.1', '203.0.113.66, unknown', '10.0.0.1'],
    ['one whom an inner proxy does not know', '10.0.0.1', '203.0.113.66, unknown, 10.0.0.2', '10.0.0.2'],
    ['an octal address', '10.0.0.1', '203.0.113.66, 0198.51.100.7', '10.0.0.1'],
    ['a number too large', '10.0.0.1', '198.51.100.700', '10.0.0.1'],
    ['no address at all', undefined, undefined, 'unknown'],
  ])('falls back to what is known with %s', async (_what, peer, forwarded, expected) => {
    expect(await ask({ networks: [] }, peer, forwarded)).toBe(expected);
  });
});

describe('named networks of proxies', () => {
  const proxies = { networks: ['203.0.113.0/24', '2001:db8:cd::/48', '192.0.2.1'] };
  it.each([
    ['203.0.113.9', VISITOR, VISITOR],
    ['203.0.113.9', `1.1.1.1, ${VISITOR}, 203.0.113.8, 10.0.0.1`, VISITOR],
    ['2001:db8:cd::5', `${VISITOR}, 2001:db8:cd:ff::1`, VISITOR],
    ['192.0.2.1', VISITOR, VISITOR],
    ['10.0.0.1', `${VISITOR}, 203.0.113.8`, VISITOR],
    // A neighbour of a trusted proxy is not trusted.
    ['192.0.2.2', VISITOR, '192.0.2.2'],
    ['10.0.0.1', `${VISITOR}, 203.0.114.8`, '203.0.114.8'],
    // No public address: the local visitor in front of the named proxy.
    ['10.0.0.1', '192.168.1.20, 203.0.113.8', '192.168.1.20'],
    ['203.0.113.9', undefined, '203.0.113.9'],
  ])('from %s with %s: %s', async (peer, forwarded, expected) => {
    expect(await ask(proxies, peer, forwarded)).toBe(expected);
  });
});

describe('a number of proxies', () => {
  it.each([
    [1, '10.0.0.1', `${VISITOR}, 127.0.0.1`, '127.0.0.1'],
    [1, VISITOR, '203.0.113.66', '203.0.113.66'],
    [2, '10.0.0.1', `1.1.1.1, ${VISITOR}:80, 10.0.0.2`, VISITOR],
    [0, '10.0.0.1', VISITOR, '10.0.0.1'],
  ])('takes the entry it names: %i, %s, %s', async (count, peer, forwarded, expected) => {
    expect(await ask(count, peer, forwarded)).toBe(expected);
  });
});

describe('parseAddress', () => {
  it.each([
    '',
    'unknown',
    '_hidden',
    '1.2.3',
    '1.2.3.4:',
    '1.2.3.4:123456',
    '[1.2.3.4',
    ':::',
    'a::b::c',
    '12345::',
    '"::1"',
    'localhost',
  ])('takes %j for no address', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it.each([
    ['::', '0:0:0:0:0:0:0:0'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['2001:DB8::', '2001:db8:0:0:0:0:0:0'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0:0:0:c000:221'],
    ['::ffff:192.0.2.33', '192.0.2.33'],
    ['::192.0.2.33', '0:0:0:0:0:0:c000:221'],
  ])('spells %s as %s', (text, expected) => {
    expect(parseAddress(text)).toBe(expected);
  });

  it('takes networks and addresses for networks, and nothing else', () => {
    for (const text of ['10.0.0.0/8', '10.0.0.1', '::/0', '0.0.0.0/0', '2001:db8::/32'])
      expect(isNetwork(text)).toBe(true);
    for (const text of ['', '/8', '10.0.0.0/', '10.0.0.0/-1', '10.0.0/8', '::/1000', 'auto'])
      expect(isNetwork(text)).toBe(false);
  });
});
