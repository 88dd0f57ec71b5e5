/** The first reload of a page that waits comes after this time. */
const FIRST_SECONDS = 5;
/** Every pause is longer than the one before by this factor. */
const GROWTH = 1.3;
/** The pauses add up to 52 minutes. A job that takes longer is stuck. */
const MAX_RELOADS = 20;

/** How a page that waits for a job loads itself again. */
export interface Reload {
  /** Pause before it. */
  seconds: number;
  /** Address: that of the page, with the number of the reload. */
  url: string;
}

/**
 * Returns the next reload of a page that waits; `null` after {@link MAX_RELOADS} of them.
 *
 * @param url full address of the page
 * @param done number of reloads before this page
 */
export function nextReload(url: string, done: number): Reload | null {
  if (done >= MAX_RELOADS) return null;
  return { seconds: Math.round(FIRST_SECONDS * GROWTH ** done), url: `${url}?wait=${done + 1}` };
}

/** Reads the number of reloads from the address of a page; 0 for a page that somebody opened. */
export const reloadsOf = (wait: string | undefined): number =>
  wait !== undefined && /^\d{1,3}$/.test(wait) ? Number(wait) : 0;
