import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { User } from '../../app/auth/auth.schema.ts';
import { api, succeed, unwrap } from '../api/client.ts';
import { noteSession } from '../api/known-session.ts';
import { postToTabs } from '../api/broadcast.ts';
import { clearPrivateCaches } from '../pwa/caches.ts';
import { saveSetting } from '../lib/local-storage.ts';

/**
 * The current user, and whether the first account is still missing. A refetch on focus shows
 * another tab's sign-out.
 */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => {
    const me = await unwrap(api.auth.me.$get({}, { init: { signal } }));
    noteSession(me.user?.id ?? null);
    return me;
  },
  staleTime: 60_000,
  // Fails at once when offline, so that the page can say so instead of waiting.
  networkMode: 'always',
  refetchOnReconnect: true,
});

/** Version of the server; it changes only with a release. */
export const revisionQuery = queryOptions({
  queryKey: ['revision'],
  queryFn: ({ signal }) => unwrap(api.health.$get({}, { init: { signal } })),
  staleTime: 300_000,
});

/** Key of the id of the user whose data is in the cache. */
export const lastUserKey = ['last-user'];

/** Stores the owner of the cached data, so that signing in as another user can clear it. */
export function setCurrentUser(client: QueryClient, user: User): void {
  client.setQueryData(lastUserKey, user.id);
  saveSetting('known', 'yes');
}

/** Ends the session on the server, and tells the other tabs. */
export async function signOut(): Promise<void> {
  await succeed(api.auth.logout.$post());
  postToTabs({ is: 'left' });
}

/**
 * Clears all loaded data, here and in the browser's caches, after a sign-out in this or another
 * tab.
 */
export async function clearUserData(client: QueryClient): Promise<void> {
  saveSetting('known', null);
  client.setQueryData(meQuery.queryKey, (me) => ({ ...me, user: null, firstAccount: false }));
  clearQueries(client);
  await clearPrivateCaches();
}

/** Removes the previous user's queries: items, sessions, invitations and admin data. */
export function clearQueries(client: QueryClient): void {
  const kept = new Set<unknown>([meQuery.queryKey[0], lastUserKey[0]]);
  client.removeQueries({ predicate: (query) => !kept.has(query.queryKey[0]) });
}

/** Marks the session as ended by the server. The page stays and asks to sign in again. */
export function markSignedOut(client: QueryClient): void {
  client.setQueryData(meQuery.queryKey, (me) => (me?.user ? { ...me, user: null } : me));
}
