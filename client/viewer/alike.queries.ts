import { queryOptions } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';

/** Pictures in a row of the viewer. */
const ALIKE_ROW_ITEMS = 12;

/** Age from which a row is refetched, in milliseconds: others may have added to it. */
const STALE_MS = 30_000;

/**
 * The newest items that are alike, by relation. A text that was read or changed asks again.
 */
export const alikeQuery = ({ id, state, text }: MediaItem) =>
  queryOptions({
    queryKey: ['media', 'alike', id, state, text] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.media[':id'].alike.$get(
          { param: { id }, query: { limit: String(ALIKE_ROW_ITEMS) } },
          { init: { signal } },
        ),
      ),
    staleTime: STALE_MS,
  });
