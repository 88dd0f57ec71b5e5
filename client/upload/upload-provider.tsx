import { createContext, createSignal, lazy, Show, useContext, type ParentProps } from 'solid-js';
import { DropZone } from './drop-zone.tsx';

/** Loads what sends files; nobody needs it before there is a file. */
export const loadUploader = () => import('./uploader.tsx');

const Uploader = lazy(() => loadUploader().then((m) => ({ default: m.Uploader })));

const AddFilesContext = createContext<(files: File[]) => void>();

/** Takes files from anywhere on the page (drop, paste, picker) and sends them, whatever page is shown meanwhile. */
export function UploadProvider(props: ParentProps) {
  const [started, setStarted] = createSignal(false);
  const [handed, setHanded] = createSignal<File[]>([]);

  const add = (files: File[]) => {
    if (files.length === 0) return;
    setHanded((waiting) => [...waiting, ...files]);
    setStarted(true);
  };

  return (
    <AddFilesContext.Provider value={add}>
      {props.children}
      <Show when={started()}>
        <Uploader files={handed()} onTaken={() => setHanded([])} />
      </Show>
      <DropZone onFiles={add} />
    </AddFilesContext.Provider>
  );
}

/** Puts files into the folder; throws outside `UploadProvider`. */
export function useAddFiles() {
  const add = useContext(AddFilesContext);
  if (!add) throw new Error('useAddFiles outside UploadProvider');
  return add;
}
