import type { Shared } from '../pwa/share-inbox.ts';
import type { Note } from './metadata.ts';

/** Longest title the server takes, in UTF-16 units. */
const LONGEST = 200;

const ADDRESS = /https?:\/\/\S+/;

/** What was said with a shared file as its title: not an address, which many apps put into the text. */
export function noteOf({ title, text }: Shared): Note {
  const said = title || (ADDRESS.test(text) ? '' : text);
  return { title: said.replaceAll(/\s+/g, ' ').slice(0, LONGEST), tags: [] };
}

/** The path of one of our own items, when its link was shared; Android puts links into the text. */
export function ownItemPath({ url, text }: Shared, origin: string): string | null {
  const address = URL.parse(url || (ADDRESS.exec(text)?.[0] ?? ''));
  return address?.origin === origin && /^\/m\/[\w-]+$/.test(address.pathname) ? address.pathname : null;
}
