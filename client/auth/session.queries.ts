import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { User } from '../../app/auth/auth.schema.ts';
import { api, succeed, unwrap } from '../api/client.ts';
import { postToTabs } from '../api/broadcast.ts';
import { clearPrivateCaches } from '../pwa/caches.ts';
import { saveSetting } from '../lib/local-storage.ts';

export interface Credentials {
  username: string;
  password: string;
}

/** Who is signed in, and whether the first account is still to be made. Another tab's sign-out shows on focus. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => unwrap(api.auth.me.$get({}, { init: { signal } })),
  staleTime: 60_000,
  // Without a network it fails at once, and the page can say so instead of waiting in silence.
  networkMode: 'always',
  refetchOnReconnect: true,
});

/** What runs on the server; it changes with a release only. */
export const revisionQuery = queryOptions({
  queryKey: ['revision'],
  queryFn: ({ signal }) => unwrap(api.health.$get({}, { init: { signal } })),
  staleTime: 300_000,
});

const lastUserKey = ['last-user'];

/** Signs in, or makes the first account and is then signed in as it. */
export async function signIn(
  client: QueryClient,
  how: 'login' | 'register',
  json: Credentials,
): Promise<User> {
  const user = await (how === 'login'
    ? unwrap(api.auth.login.$post({ json }))
    : unwrap(api.auth.register.$post({ json })));
  const before = client.getQueryData(lastUserKey);
  if (before !== undefined && before !== user.id) {
    clearQueries(client);
    await clearPrivateCaches();
  }
  setCurrentUser(client, user);
  client.setQueryData(meQuery.queryKey, { user, firstAccount: false });
  postToTabs({ is: 'entered', userId: user.id });
  // What was asked for while nobody was signed in is asked again.
  void client.invalidateQueries({ predicate: (query) => query.state.status === 'error' });
  return user;
}

/** Remembers whose pictures are in the cache, to drop them should someone else sign in on this page. */
export function setCurrentUser(client: QueryClient, user: User): void {
  client.setQueryData(lastUserKey, user.id);
  saveSetting('known', 'yes');
}

/** Ends the session on the server and forgets everything that was loaded. */
export async function signOut(client: QueryClient): Promise<void> {
  await succeed(api.auth.logout.$post());
  postToTabs({ is: 'left' });
  await clearUserData(client);
}

/** Forgets everything that was loaded, here and in this browser's caches, after a sign-out in this tab or another. */
export async function clearUserData(client: QueryClient): Promise<void> {
  saveSetting('known', null);
  client.setQueryData(meQuery.queryKey, { user: null, firstAccount: false });
  clearQueries(client);
  await clearPrivateCaches();
}

/** Drops what was loaded for the person before: pictures, sessions, invitations, what admins see. */
function clearQueries(client: QueryClient): void {
  const kept = new Set<unknown>([meQuery.queryKey[0], lastUserKey[0]]);
  client.removeQueries({ predicate: (query) => !kept.has(query.queryKey[0]) });
}

/** The session ended on the server's side: the page stays as it is and asks to sign in again. */
export function markSignedOut(client: QueryClient): void {
  client.setQueryData(meQuery.queryKey, (me) => (me?.user ? { ...me, user: null } : me));
}
