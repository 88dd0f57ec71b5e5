import { useQueryClient } from '@tanstack/solid-query';
import { createContext, createSignal, onCleanup, Show, useContext, type ParentProps } from 'solid-js';
import { SHARED_PARAM } from '../pwa/caches.ts';
import { lazyComponent } from '../ui/lazy.tsx';
import { afterLoad } from '../ui/after-load.ts';
import { useErrorReport } from '../ui/report-error.ts';
import { DropZone } from './drop-zone.tsx';
import type { Source, Uploads } from './upload.model.ts';

/** Loads the uploader, which is not needed before the first file. */
export const loadUploader = () => import('./uploader.tsx');

const Uploader = lazyComponent(() => loadUploader().then((m) => m.Uploader), 'over');

/**
 * Loads at once after a share. Otherwise it loads late, because files of an earlier share can wait.
 */
const ShareTarget = lazyComponent(async () => {
  if (!new URLSearchParams(location.search).has(SHARED_PARAM)) await afterLoad();
  return (await import('./share-target.tsx')).ShareTarget;
}, 'nowhere');

const UploadContext = createContext<(sources: Source[]) => void>();

/**
 * Accepts files and addresses from anywhere on the page (drop, paste, picker) and uploads them
 * across route changes.
 */
export function UploadProvider(props: ParentProps) {
  const [started, setStarted] = createSignal(false);
  let uploads = Promise.withResolvers<Uploads>();
  /** Called by the uploader, also by the next one after an error. */
  const onReady = (model: Uploads) => {
    uploads.resolve(model);
    onCleanup(() => {
      uploads = Promise.withResolvers();
    });
  };

  const upload = (sources: Source[]) => {
    if (sources.length === 0) return;
    void uploads.promise.then((model) => model.add(sources));
    setStarted(true);
    // Set until the uploader has loaded and sets it itself; a reload before that would lose the
    // files.
    document.documentElement.toggleAttribute('data-sending', true);
  };
  const client = useQueryClient();
  const report = useErrorReport();
  const link = (texts: string[]) =>
    import('./link-address.ts')
      .then(({ addressOfLink }) => upload([{ address: addressOfLink(client, texts) }]))
      .catch(report);

  return (
    <UploadContext.Provider value={upload}>
      {props.children}
      <Show when={started()}>
        <Uploader onReady={onReady} />
      </Show>
      <DropZone onFiles={(files) => upload(filesOf(files))} onLink={link} />
      <ShareTarget onFiles={upload} onResume={() => setStarted(true)} />
    </UploadContext.Provider>
  );
}

const filesOf = (files: File[]) => files.map((file) => ({ file }));

/** Returns a function that uploads files or addresses; throws outside `UploadProvider`. */
export function useUpload() {
  const upload = useContext(UploadContext);
  if (!upload) throw new Error('useUpload outside UploadProvider');
  return upload;
}

/** Returns a function that uploads files; throws outside `UploadProvider`. */
export function useAddFiles() {
  const upload = useUpload();
  return (files: File[]) => upload(filesOf(files));
}
