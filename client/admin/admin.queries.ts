import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { RetryRequest, Settings } from '../../app/admin/admin.schema.ts';
import type { PersonPatch, ResetLink } from '../../app/users/users.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { invitesQuery } from '../invites/invites.queries.ts';

/** How often the queue is looked at while it is shown, in milliseconds; the server counts as often. */
const POLL_MS = 5000;

/** Everybody, by name. */
export const usersQuery = queryOptions({
  queryKey: ['admin', 'people'],
  queryFn: ({ signal }) => unwrap(api.users.$get({}, { init: { signal } })),
});

/** Changes a role, disables or enables. */
export async function updateUser(client: QueryClient, id: string, json: PersonPatch): Promise<void> {
  await unwrap(api.users[':id'].$patch({ param: { id }, json }));
  await Promise.all([client.invalidateQueries(usersQuery), client.invalidateQueries(invitesQuery)]);
}

/** The answer is the only time that the link is told. */
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

/** The queues and what failed, looked at again and again. */
export const jobsQuery = queryOptions({
  queryKey: ['admin', 'jobs'],
  queryFn: ({ signal }) => unwrap(api.admin.jobs.$get({}, { init: { signal } })),
  refetchInterval: POLL_MS,
});

/** Starts work over: on one failed item, on all that failed (`{}`), or on everything. Answers on how many. */
export async function retryProcessing(client: QueryClient, json: RetryRequest): Promise<number> {
  const { count } = await unwrap(api.admin.jobs.retry.$post({ json }));
  await client.invalidateQueries(jobsQuery);
  return count;
}
