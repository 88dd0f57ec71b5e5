import { request as httpRequest, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AppError } from '../http/errors.ts';
import { MAX_REDIRECTS } from './fetches.limits.ts';
import type { FetchNetwork } from './network.ts';
import { isPublicAddress } from './public-address.ts';
import { hostOf, notPublic, readAddress } from './read-address.ts';

/** An answer with status 200, whose body has not been read. The caller reads or destroys it. */
export interface Found {
  response: IncomingMessage;
  /** The address after all redirects. */
  url: URL;
}

/** A name mostly has two or three addresses, and one of them answers. */
const MAX_TRIED_ADDRESSES = 4;
const MAX_HEADER_BYTES = 64_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Compressed answers are not asked for: a small one could become endless. */
const HEADERS = {
  accept: 'image/*, video/*, text/html;q=0.9, */*;q=0.1',
  'accept-encoding': 'identity',
  'user-agent': 'Mozilla/5.0 (compatible; meemikansio)',
};

/** Failures of this machine, not of the other site. */
const OUR_CODES = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/**
 * Gets an address and follows its redirects. Checks each address on the way, after its name was
 * resolved, and connects to the IP address that was checked.
 *
 * Errors: `address_invalid`, `address_refused`, `address_unreachable`, `address_not_ok`,
 * `too_many_redirects`. After an abort any error.
 */
export async function follow(address: URL, network: FetchNetwork, signal: AbortSignal): Promise<Found> {
  let url = address;
  for (let redirects = 0; ; redirects += 1) {
    const response = await get(url, network, signal);
    const { location } = response.headers;
    if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) {
      refuseUnusable(response);
      return { response, url };
    }
    response.destroy();
    if (redirects === MAX_REDIRECTS)
      throw new AppError('too_many_redirects', `The site redirects more than ${MAX_REDIRECTS} times.`);
    // Node reads the bytes of a header as Latin-1; sites write UTF-8.
    url = readAddress(Buffer.from(location, 'latin1').toString('utf8'), url);
  }
}

function refuseUnusable(response: IncomingMessage): void {
  const { statusCode, headers } = response;
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (statusCode === 200 && (encoding === '' || encoding === 'identity')) return;
  response.destroy();
  throw new AppError(
    'address_not_ok',
    statusCode === 200
      ? 'The site sends the file compressed, although that was not asked for.'
      : `The site does not give the file: it answered ${statusCode}.`,
  );
}

/** Sends one request to the first IP address that answers. */
async function get(url: URL, network: FetchNetwork, signal: AbortSignal): Promise<IncomingMessage> {
  let cause: unknown;
  for (const address of await checkedAddresses(url, network, signal)) {
    try {
      return await send(url, address, network, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (isOurs(error)) throw error;
      cause ??= error;
    }
  }
  throw unreachable(cause);
}

/** Resolves the name of an address. One IP address that is not public refuses them all. */
async function checkedAddresses(
  url: URL,
  network: FetchNetwork,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const host = hostOf(url);
  const addresses = isIP(host) === 0 ? await resolve(host, network, signal) : [host];
  if (addresses.length === 0) throw unreachable();
  if (!addresses.every(isPublicAddress)) throw notPublic();
  return addresses.slice(0, MAX_TRIED_ADDRESSES);
}

async function resolve(host: string, network: FetchNetwork, signal: AbortSignal) {
  try {
    return await network.resolve(host, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(error);
  }
}

/** Resolves with the head of the answer. The connection is of this request alone. */
function send(
  url: URL,
  address: string,
  network: FetchNetwork,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const secure = url.protocol === 'https:';
  const target = { address, hostname: hostOf(url), port: secure ? 443 : 80, secure };
  return new Promise((resolve, reject) => {
    // Without an agent, the connection is not kept for another request.
    const request = httpRequest({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      headers: { ...HEADERS, host: url.host },
      createConnection: () => network.connect(target),
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
    });
    request.once('response', resolve);
    request.on('error', reject);
    // An answer that switches to another protocol ends without an error.
    request.once('close', () => reject(new Error('The connection ended before an answer.')));
    request.end();
  });
}

const isOurs = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && OUR_CODES.has(String(error.code));

const unreachable = (cause?: unknown) =>
  new AppError('address_unreachable', 'The site cannot be reached.', { cause });
