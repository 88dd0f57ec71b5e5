import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { CreatedInvite } from '../../app/invites/invites.schema.ts';
import type { RegisterRequest, User } from '../../app/auth/auth.schema.ts';
import { api, succeed, unwrap } from '../api/client.ts';

/** The user's own invitations, or all of them for an admin; newest first. */
export const invitesQuery = queryOptions({
  queryKey: ['invites'],
  queryFn: ({ signal }) => unwrap(api.invites.$get({}, { init: { signal } })),
});

/** Creates an invitation. Only this response contains the link. */
export async function createInvite(
  client: QueryClient,
  json: { note: string; expiresInDays: number },
): Promise<CreatedInvite> {
  const created = await unwrap(api.invites.$post({ json }));
  await client.invalidateQueries(invitesQuery);
  return created;
}

export async function revokeInvite(client: QueryClient, id: string): Promise<void> {
  await succeed(api.invites[':id'].$delete({ param: { id } }));
  await client.invalidateQueries(invitesQuery);
}

/** Creator of an invitation. It is never refetched: each wrong code counts against a limit. */
export const invitationQuery = (code: string) =>
  queryOptions({
    queryKey: ['invitation', code],
    queryFn: () => unwrap(api.invites.check.$post({ json: { code } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Creates an account with an invitation and signs in as it. */
export const join = (json: RegisterRequest): Promise<User> => unwrap(api.auth.register.$post({ json }));
