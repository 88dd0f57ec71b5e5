/** Maximum length of a search, in UTF-16 units. */
export const MAX_QUERY_UNITS = 1000;

/** Maximum length of a title, in UTF-16 units. */
export const MAX_TITLE_UNITS = 200;

/** Maximum length of a description, in UTF-16 units. */
export const MAX_DESCRIPTION_UNITS = 2000;

/** Maximum length of a text in UTF-16 units: a newspaper page has about half of it. */
export const MAX_TEXT_UNITS = 20_000;

/** Maximum number of items in one bulk request: delete, restore, zip or tag. */
export const MAX_BULK_ITEMS = 500;

/** Days after which a deleted item is removed permanently. */
export const TRASH_DAYS = 30;

/**
 * Maximum memory of one picture's decoder in bytes; limits pictures whose decoding does not stream.
 * Work on a picture of unknown need asks the decoding budget for this much.
 */
export const MAX_DECODE_BYTES = 300_000_000;
