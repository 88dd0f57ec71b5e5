import type { SharedContent } from '../pwa/share-inbox.ts';
import type { UploadMetadata } from './metadata.ts';
import { MAX_TITLE_UNITS } from '../../app/media/media.limits.ts';

const URL_PATTERN = /https?:\/\/\S+/;

/**
 * Uses the text shared with a file as its title. It drops URLs, which many apps put into the text.
 */
export function metadataFromShare({ title, text }: SharedContent): UploadMetadata {
  const said = title || (URL_PATTERN.test(text) ? '' : text);
  return { title: said.replaceAll(/\s+/g, ' ').slice(0, MAX_TITLE_UNITS), tags: [] };
}

/** Path of one of our own items if its link was shared. Android puts links into the text. */
export function ownItemPath({ url, text }: SharedContent, origin: string): string | null {
  const address = URL.parse(url || (URL_PATTERN.exec(text)?.[0] ?? ''));
  return address?.origin === origin && /^\/m\/[\w-]+$/.test(address.pathname) ? address.pathname : null;
}
