import { useQueryClient } from '@tanstack/solid-query';
import { onCleanup } from 'solid-js';
import { onServerBack } from '../api/server-status.ts';
import { onTabMessage } from '../api/broadcast.ts';
import { useErrorReport } from '../ui/report-error.ts';
import { revalidateLibrary } from './list-cache.ts';

/** Minimum time between two revalidations, in milliseconds. */
const MIN_REVALIDATE_MS = 10_000;

/** Loads other users' changes whenever the page becomes visible again. */
export function createRevalidation(): void {
  const client = useQueryClient();
  const report = useErrorReport();
  let last = performance.now();
  const freshen = () => {
    if (document.hidden || !navigator.onLine || performance.now() - last < MIN_REVALIDATE_MS) return;
    last = performance.now();
    revalidateLibrary(client).catch(report);
  };
  document.addEventListener('visibilitychange', freshen);
  window.addEventListener('online', freshen);
  const told = onTabMessage(({ is }) => is === 'changed' && void revalidateLibrary(client).catch(report));
  const back = onServerBack(() => {
    void revalidateLibrary(client).catch(report);
    void client.invalidateQueries({ predicate: ({ state }) => state.status === 'error' });
  });
  onCleanup(() => {
    told();
    back();
    document.removeEventListener('visibilitychange', freshen);
    window.removeEventListener('online', freshen);
  });
}
