import { queryOptions } from '@tanstack/solid-query';
import { api, unwrap } from '../api/client.ts';

/** What the last word of a search may become. */
export const suggestionsQuery = (q: string) =>
  queryOptions({
    queryKey: ['suggestions', q],
    queryFn: ({ signal }) => unwrap(api.search.suggestions.$get({ query: { q } }, { init: { signal } })),
    enabled: q !== '',
    staleTime: 30_000,
    retry: false,
  });
