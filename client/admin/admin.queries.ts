import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { RetryRequest, Settings } from '../../app/admin/admin.schema.ts';
import type { UserPatch, ResetLink } from '../../app/users/users.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { invitesQuery } from '../invites/invites.queries.ts';

/**
 * Interval between reads of the queue while it is shown, in milliseconds. The server counts as
 * often.
 */
const POLL_MS = 5000;

/** All users, sorted by name. */
export const usersQuery = queryOptions({
  queryKey: ['admin', 'people'],
  queryFn: ({ signal }) => unwrap(api.users.$get({}, { init: { signal } })),
});

/** Changes a user's role, or disables or enables the account. */
export async function updateUser(client: QueryClient, id: string, json: UserPatch): Promise<void> {
  await unwrap(api.users[':id'].$patch({ param: { id }, json }));
  await Promise.all([client.invalidateQueries(usersQuery), client.invalidateQueries(invitesQuery)]);
}

/** Creates a reset link. Only this response contains the link. */
export const resetPassword = (id: string): Promise<ResetLink> =>
  unwrap(api.users[':id'].reset.$post({ param: { id } }));

export const settingsQuery = queryOptions({
  queryKey: ['admin', 'settings'],
  queryFn: ({ signal }) => unwrap(api.admin.settings.$get({}, { init: { signal } })),
});

export async function updateSettings(client: QueryClient, json: Partial<Settings>): Promise<void> {
  client.setQueryData(settingsQuery.queryKey, await unwrap(api.admin.settings.$patch({ json })));
}

export const usageQuery = queryOptions({
  queryKey: ['admin', 'usage'],
  queryFn: ({ signal }) => unwrap(api.admin.usage.$get({}, { init: { signal } })),
});

/** The job queues and the failed items, polled while shown. */
export const jobsQuery = queryOptions({
  queryKey: ['admin', 'jobs'],
  queryFn: ({ signal }) => unwrap(api.admin.jobs.$get({}, { init: { signal } })),
  refetchInterval: POLL_MS,
});

/**
 * Restarts processing of one failed item, of all failed items (`{}`) or of every item. Returns the
 * number of items.
 */
export async function retryProcessing(client: QueryClient, json: RetryRequest): Promise<number> {
  const { count } = await unwrap(api.admin.jobs.retry.$post({ json }));
  await client.invalidateQueries(jobsQuery);
  return count;
}
