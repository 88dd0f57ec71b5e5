import { useQueryClient } from '@tanstack/solid-query';
import { createContext, onCleanup, useContext, type ParentProps } from 'solid-js';
import { toApiError } from '../api/errors.ts';
import { useReport } from '../ui/report-error.ts';
import { followTabs } from './tab-sync.ts';
import { mediaQuery } from './item.queries.ts';
import { makeReadingWatch } from './processing-poller.ts';

const ReadingContext = createContext<ReturnType<typeof makeReadingWatch>>();

/** Keeps what is shown of items whose words are being read up to date, for everything below it. */
export function ReadingProvider(props: ParentProps) {
  const client = useQueryClient();
  const watch = makeReadingWatch(
    async (id) => {
      try {
        const item = await client.fetchQuery({ ...mediaQuery(client, id), staleTime: 0, retry: false });
        return item.state === 'processing' ? 'reading' : 'settled';
      } catch (thrown) {
        if (toApiError(thrown).code === 'not_found') return 'settled';
        throw thrown;
      }
    },
    () => document.hidden,
  );
  onCleanup(() => watch.stop());
  onCleanup(followTabs(client, useReport()));
  return <ReadingContext.Provider value={watch}>{props.children}</ReadingContext.Provider>;
}

/** The watch of the page; throws outside `ReadingProvider`. */
export function useReading() {
  const watch = useContext(ReadingContext);
  if (!watch) throw new Error('useReading outside ReadingProvider');
  return watch;
}
