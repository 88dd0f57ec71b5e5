/**
 * Most different bits of the hashes of two alike pictures, of 256. Copies in the labelled set
 * of the tests differ in fewer, unrelated pictures in more.
 */
export const MAX_ALIKE_DISTANCE = 60;

/**
 * Most different bits of a file that looks like an item before its words are read. Three quarters
 * of copies differ in fewer, and a sixth of the memes of one template with other words.
 */
export const MAX_STRICT_DISTANCE = 6;

/** Hashes of one picture: whole, inside its bars, and of its middle. */
export const MAX_PICTURE_HASHES = 3;

/**
 * Alike items after which a search looks no further. Those that differ least in their lowest waves
 * come first.
 */
export const ENOUGH_ALIKE_ITEMS = 200;

/** Alike items that are compared by their words, the newest. More are not counted. */
export const MAX_ALIKE_ITEMS = 1000;

/** Items of one relation in an answer. The search for `like:ID` has the rest, in pages. */
export const MAX_ALIKE_ROW = 100;
