import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../app/fetches/public-address.ts';
import { readAddress } from '../../../app/fetches/read-address.ts';
import { AppError } from '../../../app/http/errors.ts';

/** Returns the code of the refusal, or the address as it is fetched. */
function reading(text: string, base?: string): string {
  try {
    return readAddress(text, base === undefined ? undefined : new URL(base)).href;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** Every IP address that nothing may be fetched from, with its reason. */
const REFUSED: readonly (readonly [address: string, why: string])[] = [
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'the end of loopback'],
  ['0.0.0.0', 'this host'],
  ['0.1.2.3', 'this network'],
  ['10.0.0.1', 'private'],
  ['10.255.255.255', 'the end of a private network'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'the end of a private network'],
  ['192.168.0.1', 'private'],
  ['169.254.0.1', 'link-local'],
  ['169.254.169.254', 'metadata of AWS, Google, Azure, Scaleway'],
  ['169.254.170.2', 'metadata of AWS containers'],
  ['168.63.129.16', 'metadata of Azure'],
  ['100.64.0.1', 'carrier-grade NAT'],
  ['100.100.100.200', 'metadata of Alibaba'],
  ['100.127.255.255', 'the end of carrier-grade NAT'],
  ['192.0.0.192', 'metadata of Oracle'],
  ['192.0.2.1', 'documentation'],
  ['198.51.100.1', 'documentation'],
  ['203.0.113.1', 'documentation'],
  ['198.18.0.1', 'benchmarks'],
  ['198.19.255.255', 'the end of benchmarks'],
  ['192.88.99.1', 'relays of 6to4'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.250', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::127.0.0.1', 'IPv4-compatible'],
  ['::93.184.215.14', 'IPv4-compatible, of a public address'],
  ['::ffff:127.0.0.1', 'IPv4-mapped'],
  ['::ffff:7f00:1', 'IPv4-mapped, in hexadecimal'],
  ['::ffff:169.254.169.254', 'IPv4-mapped metadata'],
  ['::ffff:93.184.215.14', 'IPv4-mapped, of a public address'],
  ['::ffff:0:127.0.0.1', 'IPv4-translated'],
  ['64:ff9b::127.0.0.1', 'NAT64'],
  ['64:ff9b::a9fe:a9fe', 'NAT64 of metadata'],
  ['64:ff9b:1::1', 'local NAT64'],
  ['2002:7f00:1::', '6to4 of loopback'],
  ['2002:c0a8:1::1', '6to4 of a private network'],
  ['2001:0:7f00:1::', 'Teredo'],
  ['2001:2::1', 'benchmarks'],
  ['2001:10::1', 'ORCHID'],
  ['2001:20::1', 'ORCHIDv2'],
  ['2001:db8::1', 'documentation'],
  ['3fff::1', 'documentation'],
  ['100::1', 'discard-only'],
  ['5f00::1', 'segment routing'],
  ['fc00::1', 'unique local'],
  ['fd00:ec2::254', 'metadata of AWS'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local, with a zone'],
  ['fec0::1', 'site-local'],
  ['ff02::1', 'multicast'],
  ['4000::1', 'not assigned'],
];

const PUBLIC = [
  '93.184.215.14',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4009:80b::200e',
];

describe('an IP address', () => {
  it('is refused for 55 reasons', () => {
    expect(REFUSED.length).toBeGreaterThanOrEqual(55);
  });

  it.each(REFUSED)('%s is refused (%s), as a name resolves and in an address', (address) => {
    expect(isPublicAddress(address)).toBe(false);
    const host = address.includes(':') ? `[${address}]` : address;
    // A zone has no place in an address.
    const expected = address.includes('%') ? 'address_invalid' : 'address_refused';
    for (const scheme of ['http', 'https']) expect(reading(`${scheme}://${host}/a.png`)).toBe(expected);
  });

  it.each(PUBLIC)('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
    const host = address.includes(':') ? `[${address}]` : address;
    expect(reading(`http://${host}/a.png`)).toBe(`http://${host}/a.png`);
  });

  it.each(['', 'localhost', '1.2.3', '0x7f.0.0.1', '010.0.0.1', '1.1.1.1 ', '[::1]', '2130706433'])(
    'is not “%s”',
    (text) => {
      expect(isPublicAddress(text)).toBe(false);
    },
  );
});

describe('a spelling of an IPv4 address', () => {
  it.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.1/',
    'http://127.0.1/',
    'http://127.0.0.1./',
    'http://127。0。0。1/',
    'http://①②⑦.0.0.1/',
    'http://%31%32%37.0.0.1/',
    'http:127.0.0.1/',
    'http:/\\127.0.0.1/',
    'http://1\t27.0.0.1/',
    'http://0/',
    'http://[::ffff:0x7f.0.0.1]/',
    'http://[0:0:0:0:0:ffff:127.0.0.1]/',
    'http://[0000::0001]/',
  ])('%s leads nowhere', (text) => {
    expect(['address_refused', 'address_invalid']).toContain(reading(text));
  });

  it.each([
    'http://0x5db8d70e/',
    'http://1572394766/',
    'http://0135.0270.0327.016/',
    'http://93.184.55054/',
    'http://93.184.215.14./',
    'http://９3.184.215.14/',
    'http:93.184.215.14/',
    'http://0x5d.184.215.14/#//93.184.215.14/',
  ])('%s is refused although its network is public', (text) => {
    expect(reading(text)).toBe('address_refused');
  });
});

describe('an address', () => {
  it.each([
    ['https://example.com/a.png', 'https://example.com/a.png'],
    ['  http://example.com:80/a.png#b  ', 'http://example.com/a.png'],
    ['HTTPS://EXAMPLE.com:443', 'https://example.com/'],
    ['https://äiti.example/kuva ä.png', 'https://xn--iti-pla.example/kuva%20%C3%A4.png'],
    ['http://93.184.215.14/a', 'http://93.184.215.14/a'],
    ['http://93.184.215.14:80', 'http://93.184.215.14/'],
  ])('%s is fetched', (text, href) => {
    expect(reading(text)).toBe(href);
  });

  it.each([
    '',
    'kissa',
    'example.com/a.png',
    '/a.png',
    'ftp://example.com/a.png',
    'file:///etc/passwd',
    'gopher://example.com/',
    'data:image/png;base64,AA==',
    'javascript:alert(1)',
    'blob:https://example.com/1',
    'http://',
    'http://[::1',
    'http://example.com:8080/',
    'https://example.com:80/',
    'http://example.com:443/',
    'http://example.com:22/',
    'http://user@example.com/',
    'http://user:password@example.com/',
    'http://example.com@127.0.0.1/',
    'http://:secret@example.com/',
  ])('%s is none to fetch', (text) => {
    expect(reading(text)).toBe('address_invalid');
  });

  it('of more than 2,000 characters is none to fetch', () => {
    expect(reading(`http://example.com/${'x'.repeat(2000)}`)).toBe('address_invalid');
  });

  it('of a redirect or a page is taken from its base, and checked like any other', () => {
    const base = 'http://example.com/pages/one';
    expect(reading('../a.png', base)).toBe('http://example.com/a.png');
    expect(reading('//other.example/a.png', base)).toBe('http://other.example/a.png');
    expect(reading('//127.0.0.1/', base)).toBe('address_refused');
    expect(reading('http://[::1]/', base)).toBe('address_refused');
    expect(reading('//user@other.example/', base)).toBe('address_invalid');
    expect(reading('/b', 'http://93.184.215.14/a')).toBe('http://93.184.215.14/b');
    expect(reading('//93.184.215.14/b', base)).toBe('http://93.184.215.14/b');
    expect(reading('//0x5db8d70e/b', base)).toBe('address_refused');
  });
});
