/** Maximum length of an address to fetch from, in UTF-16 units: that of common browsers. */
export const MAX_ADDRESS_UNITS = 2000;

/** Redirects that are followed on the way to one answer. */
export const MAX_REDIRECTS = 3;

/** Time in which the file of a fetch has to arrive, with the page that names it. */
export const FETCH_SECONDS = 30;

/** Bytes of a page that are read for the picture or video it names. The head is mostly shorter. */
export const MAX_PAGE_BYTES = 512_000;

/** Fetches of one user that are under way at once, in all processes together. */
export const MAX_RUNNING_FETCHES = 2;

/** Fetches of one user that are queued or under way. */
export const MAX_OPEN_FETCHES = 20;

/** Ended fetches of one user that are kept, the newest. */
export const MAX_ENDED_FETCHES = 100;

/** Hours after which a fetch is forgotten. */
export const FETCH_KEPT_HOURS = 24;
