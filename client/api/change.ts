import type { QueryClient } from '@tanstack/solid-query';

/**
 * Runs a change through the cache's own list of changes, so that what an answer tells of the session is heard there: a
 * session that ended asks to sign in over the page, whatever was being changed.
 */
export const change = <Answer>(client: QueryClient, run: () => Promise<Answer>): Promise<Answer> =>
  client
    .getMutationCache()
    .build<Answer, Error, void, unknown>(client, { mutationFn: run, gcTime: 0 })
    .execute();
