import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, on, onCleanup, Show } from 'solid-js';
import { markSignedOut } from '../accounts/accounts.queries.ts';
import { useSession } from '../accounts/session-gate.tsx';
import { api, unwrap } from '../api/client.ts';
import { insertIntoFolder } from '../browse/list-cache.ts';
import { putItem } from '../media/media.queries.ts';
import { useReading } from '../media/reading.tsx';
import { settleShared } from '../pwa/shared-files.ts';
import { useReport } from '../ui/report.ts';
import { fingerprint } from './fingerprint.ts';
import { send } from './send.ts';
import { Tray } from './tray.tsx';
import { createUploads, isActive } from './upload.model.ts';
import { UploadsContext } from './uploads.context.ts';

/** How often what waits for the connection is tried anyway, in milliseconds: `online` events do not tell everything. */
const TRY_AGAIN_MS = 8000;

/**
 * Sends files and shows how far they are.
 *
 * @param props.files handed over to be sent
 * @param props.onTaken called as soon as they are taken over
 */
export function Uploader(props: { files: File[]; onTaken: () => void }) {
  const client = useQueryClient();
  const reading = useReading();
  const session = useSession();
  const report = useReport();
  const model = createUploads({
    findKnown: async (file, signal) => {
      const sha256 = await fingerprint(file);
      if (!sha256) return null;
      return (await unwrap(api.media.known[':sha256'].$get({ param: { sha256 } }, { init: { signal } }))).id;
    },
    send,
    onSettled: (file) => void settleShared(file).catch(report),
    onDone: (item) => {
      putItem(client, item);
      insertIntoFolder(client, item);
      if (item.state === 'processing') reading.watch(item.id);
    },
  });

  createEffect(() => {
    const { files } = props;
    if (files.length === 0) return;
    props.onTaken();
    model.add(files);
  });

  const waitsFor = (why: 'connection' | 'session') =>
    model.uploads().some((upload) => {
      const status = upload.status();
      return status.is === 'waiting' && status.why === why;
    });

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
    if (waitsFor('session')) markSignedOut(client);
  });
  createEffect(on(session.user, () => model.resume('session'), { defer: true }));

  createEffect(() => {
    if (!model.uploads().some(isActive)) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    onCleanup(() => window.removeEventListener('beforeunload', warn));
  });

  return (
    <UploadsContext.Provider value={model}>
      <Show when={model.uploads().length > 0}>
        <Tray />
      </Show>
    </UploadsContext.Provider>
  );
}
