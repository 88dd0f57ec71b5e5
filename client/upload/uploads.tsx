import { useQueryClient } from '@tanstack/solid-query';
import {
  createContext,
  createEffect,
  lazy,
  on,
  onCleanup,
  Show,
  useContext,
  type ParentProps,
} from 'solid-js';
import { meQuery } from '../accounts/accounts.queries.ts';
import { api, unwrap } from '../api/client.ts';
import { useSession } from '../accounts/session-gate.tsx';
import { insertIntoFolder } from '../browse/list-cache.ts';
import { putItem } from '../media/media.queries.ts';
import { useReading } from '../media/reading.tsx';
import { DropZone } from './drop-zone.tsx';
import { fingerprint } from './fingerprint.ts';
import { send } from './send.ts';
import { createUploads, isActive } from './upload.model.ts';

const Tray = lazy(() => import('./tray.tsx').then((m) => ({ default: m.Tray })));

const UploadContext = createContext<ReturnType<typeof createUploads>>();

/** How often what waits for the connection is tried anyway, in milliseconds: `online` events do not tell everything. */
const TRY_AGAIN_MS = 8000;

/** Takes files from anywhere on the page (drop, paste, picker) and sends them, whatever page is shown meanwhile. */
export function UploadProvider(props: ParentProps) {
  const client = useQueryClient();
  const reading = useReading();
  const session = useSession();
  const model = createUploads({
    findKnown: async (file, signal) => {
      const sha256 = await fingerprint(file);
      if (!sha256) return null;
      return (await unwrap(api.media.known[':sha256'].$get({ param: { sha256 } }, { init: { signal } }))).id;
    },
    send,
    onDone: (item) => {
      putItem(client, item);
      insertIntoFolder(client, item);
      if (item.state === 'processing') reading.watch(item.id);
    },
  });

  const waitsFor = (why: 'connection' | 'session') =>
    model.uploads.some(({ status }) => status.is === 'waiting' && status.why === why);

  const goOn = () => model.resume('connection');
  window.addEventListener('online', goOn);
  onCleanup(() => window.removeEventListener('online', goOn));
  createEffect(() => {
    if (!waitsFor('connection')) return;
    const timer = setInterval(goOn, TRY_AGAIN_MS);
    onCleanup(() => clearInterval(timer));
  });

  // An upload is no query, so its 401 has to be told; signing in again gives a new user object.
  createEffect(() => {
    if (waitsFor('session')) client.setQueryData(meQuery.queryKey, (me) => me && { ...me, user: null });
  });
  createEffect(on(session.user, () => model.resume('session'), { defer: true }));

  createEffect(() => {
    if (!model.uploads.some(isActive)) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    onCleanup(() => window.removeEventListener('beforeunload', warn));
  });

  return (
    <UploadContext.Provider value={model}>
      {props.children}
      <Show when={model.uploads.length > 0}>
        <Tray />
      </Show>
      <DropZone onFiles={(files) => model.add(files)} />
    </UploadContext.Provider>
  );
}

/** The uploads of the page; throws outside `UploadProvider`. */
export function useUploads() {
  const uploads = useContext(UploadContext);
  if (!uploads) throw new Error('useUploads outside UploadProvider');
  return uploads;
}
