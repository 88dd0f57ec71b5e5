import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { User } from '../../app/auth/auth.schema.ts';
import { postToTabs } from '../api/broadcast.ts';
import { clearPrivateCaches } from '../pwa/caches.ts';
import { api, succeed, unwrap } from '../api/client.ts';

/** The user's own sessions, the most recently used first. */
export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: ({ signal }) => unwrap(api.auth.sessions.$get({}, { init: { signal } })),
});

export async function endSession(client: QueryClient, id: string): Promise<void> {
  await succeed(api.auth.sessions[':id'].$delete({ param: { id } }));
  await client.invalidateQueries(sessionsQuery);
}

/** Ends every session, including this one. The caller must reload the page. */
export async function endAllSessions(): Promise<void> {
  await succeed(api.auth.sessions.$delete());
  postToTabs({ is: 'left' });
  await clearPrivateCaches();
}

export async function changePassword(
  client: QueryClient,
  json: { currentPassword: string; password: string },
): Promise<void> {
  await succeed(api.auth.password.$patch({ json }));
  await client.invalidateQueries(sessionsQuery);
}

/** Owner of a reset link. It is never refetched: each wrong code counts against a limit. */
export const resetQuery = (code: string) =>
  queryOptions({
    queryKey: ['reset', code],
    queryFn: () => unwrap(api.auth.reset.check.$post({ json: { code } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const applyReset = (json: { code: string; password: string }): Promise<User> =>
  unwrap(api.auth.reset.$post({ json }));
