import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, onCleanup } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { keepFolder } from './offline-folder.ts';

/** Keeps a copy of the folder for a start without a connection. It renders nothing. */
export function OfflineCopy() {
  const client = useQueryClient();
  const { user } = useSession();
  createEffect(() => {
    if ('caches' in globalThis) onCleanup(keepFolder(client, user()));
  });
  return null;
}
