import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, on, onCleanup, Show } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { api, unwrap } from '../api/client.ts';
import { onServerBack } from '../api/server-status.ts';
import { tellTabs } from '../api/broadcast.ts';
import { insertIntoFolder } from '../library/list-cache.ts';
import { UploadWords } from '../i18n/upload-dictionary.tsx';
import { putItem } from '../library/item.queries.ts';
import { useReading } from '../library/processing-provider.tsx';
import { fingerprint } from './sha256.ts';
import { send } from './send.ts';
import { Tray } from './tray.tsx';
import { createUploads, isActive, type Intake } from './upload.model.ts';
import { UploadsContext } from './uploads.context.ts';

/** How often what waits for the connection is tried anyway, in milliseconds: `online` events do not tell everything. */
const TRY_AGAIN_MS = 8000;

/** How long news for other tabs are gathered, in milliseconds. */
const TELL_MS = 1000;

/**
 * Sends files and shows how far they are.
 *
 * @param props.intakes handed over to be sent
 * @param props.onTaken called as soon as they are taken over
 */
export function Uploader(props: { intakes: Intake[]; onTaken: () => void }) {
  const client = useQueryClient();
  const reading = useReading();
  const session = useSession();
  // Other tabs hear of many files once, not of each.
  let telling: ReturnType<typeof setTimeout> | undefined;
  const tellSoon = () => {
    telling ??= setTimeout(() => {
      telling = undefined;
      tellTabs({ is: 'changed' });
    }, TELL_MS);
  };

  const model = createUploads({
    findKnown: async (file, signal) => {
      const sha256 = await fingerprint(file, signal);
      return (await unwrap(api.media.known[':sha256'].$get({ param: { sha256 } }, { init: { signal } }))).id;
    },
    inTrash: async (id) => (await unwrap(api.media[':id'].$get({ param: { id } }))).deletedAt !== null,
    send,
    describe: async (id, { title, tags }) => {
      const param = { id };
      await unwrap(api.media[':id'].$patch({ param, json: { title } }));
      const item = await unwrap(api.media[':id'].tags.$put({ param, json: { tags: [...tags] } }));
      putItem(client, item);
      return item;
    },
    restore: (id) => unwrap(api.media[':id'].restore.$post({ param: { id } })),
    onDone: (item) => {
      putItem(client, item);
      insertIntoFolder(client, item);
      if (item.state === 'processing') reading.watch(item.id);
      tellSoon();
    },
  });

  createEffect(() => {
    const { intakes } = props;
    if (intakes.length === 0) return;
    props.onTaken();
    model.add(intakes);
  });

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
    const timer = setInterval(goOn, TRY_AGAIN_MS);
    onCleanup(() => clearInterval(timer));
  });

  // Signing in again gives a new user object.
  createEffect(on(session.user, () => model.resume('session'), { defer: true }));

  const sending = createMemo(() => model.uploads().some(isActive));
  createEffect(() => document.documentElement.toggleAttribute('data-sending', sending()));
  onCleanup(() => document.documentElement.removeAttribute('data-sending'));
  createEffect(() => {
    if (!sending()) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    onCleanup(() => window.removeEventListener('beforeunload', warn));
  });

  return (
    <UploadsContext.Provider value={model}>
      <Show when={model.uploads().length > 0}>
        <UploadWords>
          <Tray />
        </UploadWords>
      </Show>
    </UploadsContext.Provider>
  );
}
