/** Maximum length of a collection's name, in characters (code points). */
export const MAX_COLLECTION_NAME_CODE_POINTS = 60;

/** Maximum length of a collection's description, in UTF-16 units. */
export const MAX_COLLECTION_DESCRIPTION_UNITS = 500;

/** Maximum number of items of one collection, those in the trash included. */
export const MAX_COLLECTION_ITEMS = 10_000;

/** Number of items whose pictures make the cover of a collection. */
export const COVER_ITEMS = 4;
