import { queryOptions } from '@tanstack/solid-query';
import type { AlikeRelation } from '../../app/media/alike/alike.schema.ts';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';

/** Pictures in a row of the viewer. */
export const ALIKE_ROW_ITEMS = 12;

/** Age from which a row is refetched, in milliseconds: others may have added to it. */
const STALE_MS = 30_000;

/** The newest items that are alike in one way. A text that was read or changed asks again. */
export const alikeQuery = ({ id, state, text }: MediaItem, as: AlikeRelation) =>
  queryOptions({
    queryKey: ['media', 'alike', id, as, state, text] as const,
    queryFn: ({ signal }) =>
      unwrap(
        api.media[':id'].alike.$get(
          { param: { id }, query: { as, limit: String(ALIKE_ROW_ITEMS) } },
          { init: { signal } },
        ),
      ),
    staleTime: STALE_MS,
  });
