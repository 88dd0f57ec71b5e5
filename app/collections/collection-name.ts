import { nameKey } from '../tags/tag-name.ts';
import { mapAroundEmoji } from '../util/emoji.shared.ts';
import { MAX_COLLECTION_NAME_CODE_POINTS } from './collections.limits.ts';

/** The name of a collection as people see it, and its key, by which it is found and unique. */
export interface CollectionName {
  name: string;
  key: string;
}

/**
 * Returns the key of a name: its spelling as a tag. Case, kinds of spaces, hyphens for spaces,
 * invisible characters and the forms of emoji make no difference. `null` if nothing is left or it
 * is too long.
 */
export const collectionKey = (text: string): string | null => nameKey(text, MAX_COLLECTION_NAME_CODE_POINTS);

/**
 * Cleans a name: single spaces, no invisible or quote characters. `null` if it has no key.
 *
 * @example
 * collectionName(' Iso  Koira '); // { name: 'Iso Koira', key: 'iso-koira' }
 */
export function collectionName(text: string): CollectionName | null {
  const key = collectionKey(text);
  if (key === null) return null;
  const name = mapAroundEmoji(text.toWellFormed(), visibleText).trim().replace(/\s+/g, ' ');
  return Array.from(name).length <= MAX_COLLECTION_NAME_CODE_POINTS ? { name, key } : null;
}

/** The search quotes names, so they have no quotes. */
const visibleText = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFFFD"“”„‟«»]/gu, (c) => (/\s/.test(c) ? ' ' : ''));
