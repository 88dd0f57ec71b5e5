import { isIP, isIPv4 } from 'node:net';
import { AppError } from '../http/errors.ts';
import { MAX_ADDRESS_UNITS } from './fetches.limits.ts';
import { isPublicAddress } from './public-address.ts';

/** Returns the host of an address; an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

/**
 * Reads an address that a user, a redirect or a page gives. Names are checked later, when they are
 * resolved.
 *
 * Errors:
 *
 * - `address_invalid`: not http or https, another port than 80 or 443, a user name, too long.
 * - `address_refused`: an IP address that is not public, or is spelled unusually.
 *
 * @param base the checked address of the answer that gave the text
 */
export function readAddress(text: string, base?: URL): URL {
  const url = URL.parse(text.trim(), base?.href);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AppError('address_invalid', 'Give an address that begins with http:// or https://.');
  if (url.username !== '' || url.password !== '')
    throw new AppError('address_invalid', 'An address with a user name or password is not fetched.');
  if (url.port !== '')
    throw new AppError('address_invalid', 'Only the ports 80 (http) and 443 (https) are fetched from.');
  if (url.href.length > MAX_ADDRESS_UNITS)
    throw new AppError('address_invalid', `Use at most ${MAX_ADDRESS_UNITS} characters.`);
  const host = hostOf(url);
  if (isIP(host) !== 0 && (!isPublicAddress(host) || isDisguised(text, url, base))) throw notPublic();
  url.hash = '';
  return url;
}

/**
 * Tells whether an IPv4 address is spelled in another way than four decimal numbers. The parser of
 * URLs accepts octal, hexadecimal, shorter and full-width forms (https://url.spec.whatwg.org/).
 */
function isDisguised(text: string, { hostname }: URL, base: URL | undefined): boolean {
  // A path takes the host of its base.
  if (!isIPv4(hostname) || hostname === base?.hostname) return false;
  const plain = new RegExp(`^(?:https?:)?//${hostname.replaceAll('.', '[.]')}(?:[:/?#]|$)`, 'i');
  return !plain.test(text.trim());
}

/** Error of an address that leads elsewhere than to the public internet. */
export const notPublic = () =>
  new AppError('address_refused', 'This address does not lead to the public internet. It is not fetched.');
