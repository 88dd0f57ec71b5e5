interface Situation {
  /** The commit of the failed release. */
  wanted: string;
  /** The commit that the site reported before; empty if it reported none. */
  before: string;
  /** Commits released before, newest first, whether or not they ever worked. */
  released: readonly string[];
}

/**
 * Returns the image to go back to after a failed release. It is the previous one or, if the site
 * reported none, the newest other release. Returns `null` if there is none, as for the first
 * release.
 */
export function rollbackTo({ wanted, before, released }: Situation): string | null {
  if (/^[0-9a-f]{40}$/.test(before) && before !== wanted) return before;
  return released.find((commit) => commit !== wanted) ?? null;
}
