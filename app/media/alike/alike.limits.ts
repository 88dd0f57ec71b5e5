/**
 * Most different bits of the hashes of two alike pictures, of 256. Copies in the labelled set
 * of the tests differ in fewer, unrelated pictures in more.
 */
export const MAX_ALIKE_DISTANCE = 60;

/** Alike items that are compared by their words, the newest. More are not counted. */
export const MAX_ALIKE_ITEMS = 1000;

/** Items in one page of a list of alike ones. */
export const MAX_ALIKE_PAGE = 100;
