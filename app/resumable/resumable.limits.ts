/** Larger files are sent by the page as resumable uploads, smaller ones in one form. In bytes. */
export const RESUMABLE_FROM_BYTES = 8_000_000;

/** Most bytes of a stored part. A killed process loses at most one such part. */
export const PART_BYTES = 4_000_000;

/**
 * Fewest bytes of a part that does not end its file. It bounds the number of parts of an upload
 * whose connection breaks all the time.
 */
export const MIN_PART_BYTES = 250_000;

/** Maximum number of unfinished uploads of a user. */
export const MAX_OPEN_UPLOADS = 20;

/** The unfinished uploads of a user are together at most so many of the largest files. */
export const MAX_OPEN_FILES_OF_USER = 5;

/** The unfinished uploads of all users are together at most so many of the largest files. */
export const MAX_OPEN_FILES = 30;

/** An upload ends so many hours after its last byte. */
export const EXPIRY_HOURS = 24;
