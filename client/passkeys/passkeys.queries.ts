import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import { api, succeed, unwrap } from '../api/client.ts';

/** The user's own passkeys, newest first. */
export const passkeysQuery = queryOptions({
  queryKey: ['account', 'passkeys'],
  queryFn: ({ signal }) => unwrap(api.passkeys.$get({}, { init: { signal } })),
});

export async function renamePasskey(client: QueryClient, id: string, name: string): Promise<void> {
  await succeed(api.passkeys[':id'].$patch({ param: { id }, json: { name } }));
  await client.invalidateQueries(passkeysQuery);
}

export async function removePasskey(client: QueryClient, id: string): Promise<void> {
  await succeed(api.passkeys[':id'].$delete({ param: { id } }));
  await client.invalidateQueries(passkeysQuery);
}
