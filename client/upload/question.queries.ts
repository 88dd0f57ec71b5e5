import { queryOptions, skipToken, type QueryClient } from '@tanstack/solid-query';
import type { AlikeRow } from '../../app/media/alike/alike.schema.ts';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';

/** Age from which the answer is asked for again, in milliseconds. */
const STALE_MS = 30_000;

const sameMemeKey = ['media', 'same-meme'] as const;

/** The newest same meme of an older item. `null` for none. */
export type SameMeme = AlikeRow['items'][number] | null;

/**
 * The newest item that is the same meme as an uploaded one and was there before it. It is asked for
 * once the words are read, and again when they change.
 */
export function sameMemeQuery(item: MediaItem | undefined) {
  const asks = item !== undefined && item.state !== 'processing' && item.deletedAt === null;
  return queryOptions({
    queryKey: [...sameMemeKey, item?.id, asks, item?.text] as const,
    queryFn: asks
      ? async ({ signal }): Promise<SameMeme> => {
          const query = { before: item.id, limit: '1' };
          const { meme } = await unwrap(
            api.media[':id'].alike.$get({ param: { id: item.id }, query }, { init: { signal } }),
          );
          return meme.items[0] ?? null;
        }
      : skipToken,
    staleTime: STALE_MS,
  });
}

/** Looks for the same memes again, after one of them left the library or came back. */
export const refetchSameMemes = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: sameMemeKey });
