/** Maximum length of a tag name, in code points. */
export const MAX_TAG_CODE_POINTS = 30;

/** Maximum number of tags of one item. */
export const MAX_TAGS_PER_ITEM = 50;
