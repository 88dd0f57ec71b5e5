// The recipe of thumbnails. A change of it needs a change of THUMB_RECIPE, and of nothing else.

/** Width in pixels: twice a tile of the normal density. A smaller picture keeps its own. */
export const THUMB_WIDTH_PIXELS = 600;

/**
 * Limits of a thumbnail's aspect (height : width). Of a picture beyond them, a part is shown, so
 * that it is no sliver.
 */
export const MIN_THUMB_ASPECT = 0.4;
export const MAX_THUMB_ASPECT = 2;

/**
 * Size that a thumbnail is to have at most, in bytes: 30 of them are less than 1 MB. A picture of
 * many details gets a lower quality, then a smaller width.
 */
export const THUMB_BYTES = 32_000;

/** Width and bytes of the wider thumbnail, for a large tile at twice the pixels. */
export const LARGE_WIDTH_PIXELS = 960;
export const LARGE_BYTES = 65_000;
/** A picture gets a wider thumbnail if that is wider than the other by this factor. */
export const MIN_LARGE_GAIN = 1.2;

/** Version of the recipe. A job makes the thumbnails of another version again. */
export const THUMB_RECIPE = 2;
