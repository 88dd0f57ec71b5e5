/** Screens of the administration in their order, as their addresses name them. */
export const ADMIN_TABS = ['people', 'invitations', 'shares', 'tags', 'storage', 'jobs'] as const;

export type AdminTab = (typeof ADMIN_TABS)[number];

/**
 * The screen of an address below `/admin`; null if there is none. `/admin` is the first screen.
 *
 * @param hash fragment of the address. One page once had every section, the tags at `#tags`.
 */
export function tabFromPath(name: string | undefined, hash: string): AdminTab | null {
  const tab = name ?? (hash === '#tags' ? 'tags' : 'people');
  return ADMIN_TABS.find((known) => known === tab) ?? null;
}
