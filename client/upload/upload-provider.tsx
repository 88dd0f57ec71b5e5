import { createContext, createSignal, Show, useContext, type ParentProps } from 'solid-js';
import { SHARED } from '../pwa/caches.ts';
import { late } from '../ui/lazy.tsx';
import { settled } from '../ui/after-load.ts';
import { DropZone } from './drop-zone.tsx';
import type { Intake } from './upload.model.ts';

/** Loads what sends files; nobody needs it before there is a file. */
export const loadUploader = () => import('./uploader.tsx');

const Uploader = late(() => loadUploader().then((m) => m.Uploader), 'over');

/** After a share at once; otherwise something may be left of an earlier one, which has time. */
const Shares = late(async () => {
  if (!new URLSearchParams(location.search).has(SHARED)) await settled();
  return (await import('./share-target.tsx')).Shares;
}, 'nowhere');

const AddFilesContext = createContext<(files: File[]) => void>();

/** Takes files from anywhere on the page (drop, paste, picker) and sends them, whatever page is shown meanwhile. */
export function UploadProvider(props: ParentProps) {
  const [started, setStarted] = createSignal(false);
  const [handed, setHanded] = createSignal<Intake[]>([]);

  const take = (intakes: Intake[]) => {
    if (intakes.length === 0) return;
    setHanded((waiting) => [...waiting, ...intakes]);
    setStarted(true);
    // Until what sends them has come and says so itself: a page that is loaded anew would lose them.
    document.documentElement.toggleAttribute('data-sending', true);
  };
  const add = (files: File[]) => take(files.map((file) => ({ file })));

  return (
    <AddFilesContext.Provider value={add}>
      {props.children}
      <Show when={started()}>
        <Uploader intakes={handed()} onTaken={() => setHanded([])} />
      </Show>
      <DropZone onFiles={add} />
      <Shares onIntakes={take} />
    </AddFilesContext.Provider>
  );
}

/** Puts files into the folder; throws outside `UploadProvider`. */
export function useAddFiles() {
  const add = useContext(AddFilesContext);
  if (!add) throw new Error('useAddFiles outside UploadProvider');
  return add;
}
