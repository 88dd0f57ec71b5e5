import { createContext, createSignal, onCleanup, Show, useContext, type ParentProps } from 'solid-js';
import { SHARED_PARAM } from '../pwa/caches.ts';
import { lazyComponent } from '../ui/lazy.tsx';
import { afterLoad } from '../ui/after-load.ts';
import { DropZone } from './drop-zone.tsx';
import type { FileToUpload, Uploads } from './upload.model.ts';

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

const AddFilesContext = createContext<(files: File[]) => void>();

/**
 * Accepts files from anywhere on the page (drop, paste, picker) and uploads them across route
 * changes.
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

  const upload = (files: FileToUpload[]) => {
    if (files.length === 0) return;
    void uploads.promise.then((model) => model.add(files));
    setStarted(true);
    // Set until the uploader has loaded and sets it itself; a reload before that would lose the
    // files.
    document.documentElement.toggleAttribute('data-sending', true);
  };
  const add = (files: File[]) => upload(files.map((file) => ({ file })));

  return (
    <AddFilesContext.Provider value={add}>
      {props.children}
      <Show when={started()}>
        <Uploader onReady={onReady} />
      </Show>
      <DropZone onFiles={add} />
      <ShareTarget onFiles={upload} />
    </AddFilesContext.Provider>
  );
}

/** Returns a function that uploads files; throws outside `UploadProvider`. */
export function useAddFiles() {
  const add = useContext(AddFilesContext);
  if (!add) throw new Error('useAddFiles outside UploadProvider');
  return add;
}
