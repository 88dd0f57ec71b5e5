import { queryOptions } from '@tanstack/solid-query';
import { api, unwrap } from '../api/client.ts';

/** Completions of the last word of a query. */
export const completionsQuery = (q: string) =>
  queryOptions({
    queryKey: ['suggestions', q],
    queryFn: ({ signal }) => unwrap(api.search.suggestions.$get({ query: { q } }, { init: { signal } })),
    enabled: q !== '',
    staleTime: 30_000,
    retry: false,
  });
