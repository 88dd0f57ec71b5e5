import { queryOptions, type QueryClient } from '@tanstack/solid-query';
import type { MadeToken } from '../../app/tokens/tokens.schema.ts';
import type { TokenScope } from '../../app/http/scopes.limits.ts';
import { api, succeed, unwrap } from '../api/client.ts';

/** The user's own API tokens, newest first. */
export const tokensQuery = queryOptions({
  queryKey: ['account', 'tokens'],
  queryFn: ({ signal }) => unwrap(api.tokens.$get({}, { init: { signal } })),
});

/** Makes a token. Only this response contains it. */
export async function makeToken(
  client: QueryClient,
  json: { name: string; scopes: TokenScope[]; expiresInDays?: number; currentPassword: string },
): Promise<MadeToken> {
  const made = await unwrap(api.tokens.$post({ json }));
  await client.invalidateQueries(tokensQuery);
  return made;
}

export async function revokeToken(client: QueryClient, id: string): Promise<void> {
  await succeed(api.tokens[':id'].$delete({ param: { id } }));
  await client.invalidateQueries(tokensQuery);
}
