import { MAX_TAG_CODE_POINTS } from '../../app/tags/tags.limits.ts';

/** Title and tags given to a file during its upload. */
export interface UploadMetadata {
  title: string;
  tags: readonly string[];
}

export const EMPTY_METADATA: UploadMetadata = { title: '', tags: [] };

/** The server writes a tag with hyphens instead of spaces. */
const keyOf = (tag: string) => tag.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, '-');

export const isSameMetadata = (one: UploadMetadata, other: UploadMetadata): boolean =>
  one.title === other.title &&
  one.tags.length === other.tags.length &&
  one.tags.every((tag, at) => tag === other.tags[at]);

/**
 * Adds the typed tags, separated by commas or line breaks, to the existing ones, without
 * duplicates.
 */
export function addTags(tags: readonly string[], typed: string): readonly string[] {
  const all = new Map(tags.map((tag) => [keyOf(tag), tag]));
  for (const part of typed.split(/[,\n]/)) {
    const tag = part.trim().replace(/^#/, '').slice(0, MAX_TAG_CODE_POINTS);
    if (tag !== '' && !all.has(keyOf(tag))) all.set(keyOf(tag), tag);
  }
  return [...all.values()];
}

/** Merges metadata for all files into that of one: a title replaces the old one, tags are added. */
export const mergeMetadata = (own: UploadMetadata, forAll: UploadMetadata): UploadMetadata => ({
  title: forAll.title || own.title,
  tags: addTags(own.tags, forAll.tags.join(',')),
});
