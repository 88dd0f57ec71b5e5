import type { SharedContent } from '../pwa/share-inbox.ts';
import type { UploadMetadata } from './metadata.ts';

/** Longest title the server takes, in UTF-16 units. */
const MAX_TITLE_LENGTH = 200;

const URL_PATTERN = /https?:\/\/\S+/;

/** What was said with a shared file as its title: not an address, which many apps put into the text. */
export function metadataFromShare({ title, text }: SharedContent): UploadMetadata {
  const said = title || (URL_PATTERN.test(text) ? '' : text);
  return { title: said.replaceAll(/\s+/g, ' ').slice(0, MAX_TITLE_LENGTH), tags: [] };
}

/** The path of one of our own items, when its link was shared; Android puts links into the text. */
export function ownItemPath({ url, text }: SharedContent, origin: string): string | null {
  const address = URL.parse(url || (URL_PATTERN.exec(text)?.[0] ?? ''));
  return address?.origin === origin && /^\/m\/[\w-]+$/.test(address.pathname) ? address.pathname : null;
}
