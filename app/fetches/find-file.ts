import type { IncomingMessage } from 'node:http';
import { AppError } from '../http/errors.ts';
import { MAX_PAGE_BYTES } from './fetches.limits.ts';
import type { FetchNetwork } from './network.ts';
import { mediaOfPage } from './page-media.ts';
import { readAddress } from './read-address.ts';
import { follow, type Found } from './request.ts';

/**
 * Finds the file at an address. A page is looked at once, for the picture or video it names.
 *
 * Errors: as `follow`, `nothing_there` (a page that names none, or names a page).
 */
export async function findFile(address: URL, network: FetchNetwork, signal: AbortSignal): Promise<Found> {
  const first = await follow(address, network, signal);
  if (!isPage(first.response)) return first;
  const media = mediaOfPage(await readPage(first.response));
  if (media === null) throw nothingThere();
  const second = await follow(readAddress(media, first.url), network, signal);
  if (!isPage(second.response)) return second;
  second.response.destroy();
  throw nothingThere();
}

const isPage = ({ headers }: IncomingMessage): boolean =>
  /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(headers['content-type'] ?? '');

/** Reads the beginning of a page, and ends its connection. */
async function readPage(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let byteSize = 0;
  for await (const chunk of response) {
    if (!(chunk instanceof Buffer)) continue;
    chunks.push(chunk);
    byteSize += chunk.length;
    if (byteSize >= MAX_PAGE_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

const nothingThere = () => new AppError('nothing_there', 'There is no picture or video at this address.');
