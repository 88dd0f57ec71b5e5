import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, on, onCleanup, Show } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { api, succeed, unwrap } from '../api/client.ts';
import { onServerBack } from '../api/server-status.ts';
import { postToTabs } from '../api/broadcast.ts';
import { mergeItems } from '../duplicates/duplicates.queries.ts';
import { UploadDictionary } from '../i18n/dictionaries.tsx';
import { deleteItem } from '../library/delete-item.ts';
import { addItem, putItem } from '../library/item.queries.ts';
import { useProcessing } from '../library/processing-provider.tsx';
import { cheer } from '../ui/mascot.ts';
import { followFetch } from './follow-fetch.ts';
import { openFetches, saveOpenFetches } from './open-fetches.ts';
import { refetchSameMemes } from './question.queries.ts';
import { createTransfer } from './transfer.ts';
import { Tray } from './tray.tsx';
import { createUploads, isActive, type Uploads } from './upload.model.ts';
import { UploadsContext } from './uploads.context.ts';

/**
 * Interval between retries of waiting uploads, in milliseconds. `online` events do not report every
 * recovery.
 */
const RETRY_MS = 8000;

/** Time to collect messages for other tabs, in milliseconds. */
const BROADCAST_DEBOUNCE_MS = 1000;

/**
 * Uploads files and shows the tray.
 *
 * @param props.onReady receives the queue, once it takes files
 */
export function Uploader(props: { onReady: (uploads: Uploads) => void }) {
  const client = useQueryClient();
  const poller = useProcessing();
  const session = useSession();
  // Notifies other tabs once for many files.
  let broadcastTimer: ReturnType<typeof setTimeout> | undefined;
  const broadcastSoon = () => {
    broadcastTimer ??= setTimeout(() => {
      broadcastTimer = undefined;
      postToTabs({ is: 'changed' });
    }, BROADCAST_DEBOUNCE_MS);
  };

  const transfer = createTransfer();
  const model = createUploads({
    findKnown: async (file, signal) => {
      const { sha256, look } = await transfer.hashesOf(file, signal);
      const known = { param: { sha256 }, query: { look: [...look] } };
      return unwrap(api.media.known[':sha256'].$get(known, { init: { signal } }));
    },
    inTrash: async (id) => (await unwrap(api.media[':id'].$get({ param: { id } }))).deletedAt !== null,
    send: (file, metadata, onProgress, signal) => transfer.send(file, metadata, onProgress, signal),
    discard: (file) => void transfer.discard(file),
    startFetch: async (url, { title, tags }) => {
      const json = { url, title, tags: [...tags] };
      return (await unwrap(api.media['from-url'].$post({ json }))).id;
    },
    followFetch,
    endFetch: async (id) => void (await succeed(api.media['from-url'][':id'].$delete({ param: { id } }))),
    findItem: (id) => unwrap(api.media[':id'].$get({ param: { id } })),
    describe: async (id, { title, tags }) => {
      const param = { id };
      await unwrap(api.media[':id'].$patch({ param, json: { title } }));
      const item = await unwrap(api.media[':id'].tags.$put({ param, json: { tags: [...tags] } }));
      putItem(client, item);
      return item;
    },
    restore: (id) => unwrap(api.media[':id'].restore.$post({ param: { id } })),
    remove: (item) => deleteItem(client, item).done,
    async replace(into, there) {
      const { item, undo } = await mergeItems(client, { into, items: [there] });
      // Other uploads may have asked about the item that is gone.
      void refetchSameMemes(client);
      return { item, undo };
    },
    onDone: (item) => {
      addItem(client, item);
      if (item.state === 'processing') poller.watch(item.id);
      broadcastSoon();
    },
  });

  model.add(openFetches(session.user().id));
  createEffect(() => saveOpenFetches(session.user().id, model.uploads()));
  props.onReady(model);

  const waits = () =>
    model.uploads().some((upload) => {
      const status = upload.status();
      return status.is === 'waiting' && status.why === 'connection';
    });

  const goOn = () => model.resume('connection');
  window.addEventListener('online', goOn);
  onCleanup(() => window.removeEventListener('online', goOn));
  onCleanup(onServerBack(goOn));
  createEffect(() => {
    if (!waits()) return;
    const timer = setInterval(goOn, RETRY_MS);
    onCleanup(() => clearInterval(timer));
  });

  // Resumes after signing in again, which creates a new user object.
  createEffect(on(session.user, () => model.resume('session'), { defer: true }));

  const sending = createMemo(() => model.uploads().some(isActive));
  createEffect(() => document.documentElement.toggleAttribute('data-sending', sending()));
  createEffect(
    on(sending, (now, before) => {
      if (before === true && !now && model.uploads().every(({ status }) => status().is === 'done')) cheer();
    }),
  );
  onCleanup(() => document.documentElement.removeAttribute('data-sending'));
  // A fetch goes on without the page.
  const warns = createMemo(() => model.uploads().some((upload) => isActive(upload) && !upload.fetch()));
  createEffect(() => {
    if (!warns()) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    onCleanup(() => window.removeEventListener('beforeunload', warn));
  });

  return (
    <UploadsContext.Provider value={model}>
      <Show when={model.uploads().length > 0}>
        <UploadDictionary>
          <Tray />
        </UploadDictionary>
      </Show>
    </UploadsContext.Provider>
  );
}
