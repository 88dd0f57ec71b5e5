import type { QueryClient } from '@tanstack/solid-query';
import type { SignedInUser } from '../../app/auth/auth.schema.ts';
import { postToTabs } from '../api/broadcast.ts';
import { api, unwrap } from '../api/client.ts';
import { noteSession } from '../api/known-session.ts';
import { clearPrivateCaches } from '../pwa/caches.ts';
import { clearQueries, lastUserKey, meQuery, setCurrentUser } from './session.queries.ts';

export interface Credentials {
  username: string;
  password: string;
  /** For the first account, where it needs one. */
  setupCode?: string;
}

/** Signs in, or creates the first account and signs in as it. */
export async function signIn(
  client: QueryClient,
  how: 'login' | 'register',
  json: Credentials,
): Promise<void> {
  await enterAs(
    client,
    await (how === 'login'
      ? unwrap(api.auth.login.$post({ json }))
      : unwrap(api.auth.register.$post({ json }))),
  );
}

/** Shows the page of a user who has just signed in. */
export async function enterAs(client: QueryClient, user: SignedInUser): Promise<void> {
  const before = client.getQueryData(lastUserKey);
  if (before !== undefined && before !== user.id) {
    clearQueries(client);
    await clearPrivateCaches();
  }
  // A look-up begun before would end the session here again.
  await client.cancelQueries(meQuery);
  noteSession(user.id);
  setCurrentUser(client, user);
  client.setQueryData(meQuery.queryKey, (me) => ({ ...me, user, firstAccount: false }));
  postToTabs({ is: 'entered', userId: user.id });
  // Retries the queries that failed while signed out.
  void client.invalidateQueries({ predicate: (query) => query.state.status === 'error' });
}
