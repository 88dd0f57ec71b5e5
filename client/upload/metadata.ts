/** What a person says of a file while it is sent. */
export interface UploadMetadata {
  title: string;
  tags: readonly string[];
}

export const EMPTY_METADATA: UploadMetadata = { title: '', tags: [] };

const keyOf = (tag: string) => tag.normalize('NFKC').toLowerCase();

export const isSameMetadata = (one: UploadMetadata, other: UploadMetadata): boolean =>
  one.title === other.title &&
  one.tags.length === other.tags.length &&
  one.tags.every((tag, at) => tag === other.tags[at]);

/** Adds the tags in what was typed, with commas or line ends between, to those that are there; each of them once. */
export function addTags(tags: readonly string[], typed: string): readonly string[] {
  const all = new Map(tags.map((tag) => [keyOf(tag), tag]));
  for (const part of typed.split(/[,\n]/)) {
    const tag = part.trim().replace(/^#/, '').slice(0, 30);
    if (tag !== '' && !all.has(keyOf(tag))) all.set(keyOf(tag), tag);
  }
  return [...all.values()];
}

/** A note for many files over the one of each: a title replaces, when there is one, and tags come on top. */
export const mergeMetadata = (own: UploadMetadata, forAll: UploadMetadata): UploadMetadata => ({
  title: forAll.title || own.title,
  tags: addTags(own.tags, forAll.tags.join(',')),
});
