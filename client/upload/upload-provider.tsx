import { createContext, createSignal, Show, useContext, type ParentProps } from 'solid-js';
import { SHARED_PARAM } from '../pwa/caches.ts';
import { lazyComponent } from '../ui/lazy.tsx';
import { afterLoad } from '../ui/after-load.ts';
import { DropZone } from './drop-zone.tsx';
import type { FileToUpload } from './upload.model.ts';

/** Loads what sends files; nobody needs it before there is a file. */
export const loadUploader = () => import('./uploader.tsx');

const Uploader = lazyComponent(() => loadUploader().then((m) => m.Uploader), 'over');

/** After a share at once; otherwise something may be left of an earlier one, which has time. */
const ShareTarget = lazyComponent(async () => {
  if (!new URLSearchParams(location.search).has(SHARED_PARAM)) await afterLoad();
  return (await import('./share-target.tsx')).ShareTarget;
}, 'nowhere');

const AddFilesContext = createContext<(files: File[]) => void>();

/** Takes files from anywhere on the page (drop, paste, picker) and sends them, whatever page is shown meanwhile. */
export function UploadProvider(props: ParentProps) {
  const [started, setStarted] = createSignal(false);
  const [handed, setHanded] = createSignal<FileToUpload[]>([]);

  const take = (files: FileToUpload[]) => {
    if (files.length === 0) return;
    setHanded((waiting) => [...waiting, ...files]);
    setStarted(true);
    // Until what sends them has come and says so itself: a page that is loaded anew would lose them.
    document.documentElement.toggleAttribute('data-sending', true);
  };
  const add = (files: File[]) => take(files.map((file) => ({ file })));

  return (
    <AddFilesContext.Provider value={add}>
      {props.children}
      <Show when={started()}>
        <Uploader files={handed()} onTaken={() => setHanded([])} />
      </Show>
      <DropZone onFiles={add} />
      <ShareTarget onFiles={take} />
    </AddFilesContext.Provider>
  );
}

/** Puts files into the folder; throws outside `UploadProvider`. */
export function useAddFiles() {
  const add = useContext(AddFilesContext);
  if (!add) throw new Error('useAddFiles outside UploadProvider');
  return add;
}
