import { useQueryClient } from '@tanstack/solid-query';
import { createContext, onCleanup, useContext, type ParentProps } from 'solid-js';
import { toApiError } from '../api/errors.ts';
import { streamStatus } from '../live/stream-status.ts';
import { itemQuery } from './item.queries.ts';
import { createProcessingPoller } from './processing-poller.ts';

const ReadingContext = createContext<ReturnType<typeof createProcessingPoller>>();

/** Keeps items that are being processed up to date for its children. */
export function ProcessingProvider(props: ParentProps) {
  const client = useQueryClient();
  const watch = createProcessingPoller(
    async (id) => {
      try {
        const item = await client.fetchQuery({ ...itemQuery(client, id), staleTime: 0, retry: false });
        return item.state === 'processing' ? 'reading' : 'settled';
      } catch (thrown) {
        if (toApiError(thrown).code === 'not_found') return 'settled';
        throw thrown;
      }
    },
    // Events tell what has been processed.
    () => document.hidden || streamStatus.up,
  );
  onCleanup(() => watch.stop());
  return <ReadingContext.Provider value={watch}>{props.children}</ReadingContext.Provider>;
}

/** Returns the page's poller; throws outside `ProcessingProvider`. */
export function useProcessing() {
  const watch = useContext(ReadingContext);
  if (!watch) throw new Error('useProcessing outside ProcessingProvider');
  return watch;
}
