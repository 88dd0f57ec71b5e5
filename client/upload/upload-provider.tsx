import { createContext, createSignal, lazy, Show, useContext, type ParentProps } from 'solid-js';
import { SHARED } from '../pwa/caches.ts';
import { Dispensable } from '../ui/guard.tsx';
import { settled } from '../ui/settled.ts';
import { DropZone } from './drop-zone.tsx';
import type { Intake } from './upload.model.ts';

/** Loads what sends files; nobody needs it before there is a file. */
export const loadUploader = () => import('./uploader.tsx');

const Uploader = lazy(() => loadUploader().then((m) => ({ default: m.Uploader })));

/** After a share at once; otherwise something may be left of an earlier one, which has time. */
const Shares = lazy(async () => {
  if (!new URLSearchParams(location.search).has(SHARED)) await settled();
  const { Shares } = await import('./shares.tsx');
  return { default: Shares };
});

const AddFilesContext = createContext<(files: File[]) => void>();

/** Takes files from anywhere on the page (drop, paste, picker) and sends them, whatever page is shown meanwhile. */
export function UploadProvider(props: ParentProps) {
  const [started, setStarted] = createSignal(false);
  const [handed, setHanded] = createSignal<Intake[]>([]);

  const take = (intakes: Intake[]) => {
    if (intakes.length === 0) return;
    setHanded((waiting) => [...waiting, ...intakes]);
    setStarted(true);
  };
  const add = (files: File[]) => take(files.map((file) => ({ file })));

  return (
    <AddFilesContext.Provider value={add}>
      {props.children}
      <Show when={started()}>
        <Uploader intakes={handed()} onTaken={() => setHanded([])} />
      </Show>
      <DropZone onFiles={add} />
      <Dispensable>
        <Shares onIntakes={take} />
      </Dispensable>
    </AddFilesContext.Provider>
  );
}

/** Puts files into the folder; throws outside `UploadProvider`. */
export function useAddFiles() {
  const add = useContext(AddFilesContext);
  if (!add) throw new Error('useAddFiles outside UploadProvider');
  return add;
}
