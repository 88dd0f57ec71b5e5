import { useQueryClient } from '@tanstack/solid-query';
import { onCleanup } from 'solid-js';
import { onServerBack } from '../api/server-status.ts';
import { hearTabs } from '../api/broadcast.ts';
import { useReport } from '../ui/report-error.ts';
import { freshenFolder } from './list-cache.ts';

/** Coming back more often than this, in milliseconds, asks for nothing new. */
const RECENT_MS = 10_000;

/** Looks for what others did meanwhile whenever someone comes back to the page. */
export function createFreshening(): void {
  const client = useQueryClient();
  const report = useReport();
  let last = performance.now();
  const freshen = () => {
    if (document.hidden || !navigator.onLine || performance.now() - last < RECENT_MS) return;
    last = performance.now();
    freshenFolder(client).catch(report);
  };
  document.addEventListener('visibilitychange', freshen);
  window.addEventListener('online', freshen);
  const told = hearTabs(({ is }) => is === 'changed' && void freshenFolder(client).catch(report));
  const back = onServerBack(() => {
    void freshenFolder(client).catch(report);
    void client.invalidateQueries({ predicate: ({ state }) => state.status === 'error' });
  });
  onCleanup(() => {
    told();
    back();
    document.removeEventListener('visibilitychange', freshen);
    window.removeEventListener('online', freshen);
  });
}
