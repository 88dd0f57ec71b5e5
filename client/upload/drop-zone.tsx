import { createSignal, onCleanup, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Logo } from '../ui/logo.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { hasFiles, hasLink, isPastedLink, linkTexts, readFiles } from './data-transfer.ts';
import './drop-zone.css';

const isField = (target: EventTarget | null) =>
  target instanceof Element && target.closest('input, textarea') !== null;

/**
 * Accepts files and links dropped or pasted anywhere in the window, with a hint during a drag. The
 * browser would leave the page for a dropped link.
 */
export function DropZone(props: { onFiles: (files: File[]) => void; onLink: (texts: string[]) => void }) {
  const { t } = useI18n();
  const report = useErrorReport();
  const [over, setOver] = createSignal(false);
  const listeners = new AbortController();
  const { signal } = listeners;
  onCleanup(() => listeners.abort());

  // Dragging one of our own images also reports "Files"; it must not become an upload.
  let ours = false;
  window.addEventListener('dragstart', () => (ours = true), { signal });
  window.addEventListener('dragend', () => (ours = false), { signal });

  const take = (transfer: DataTransfer) =>
    readFiles(transfer).then((files) => files.length > 0 && props.onFiles(files), report);

  const hold = (event: DragEvent) => {
    if (ours || !(hasFiles(event.dataTransfer) || (hasLink(event.dataTransfer) && !isField(event.target))))
      return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  };
  window.addEventListener('dragenter', hold, { signal });
  window.addEventListener('dragover', hold, { signal });
  window.addEventListener('dragleave', (event) => event.relatedTarget === null && setOver(false), { signal });
  window.addEventListener(
    'drop',
    (event) => {
      setOver(false);
      if (ours || !event.dataTransfer) return;
      const files = hasFiles(event.dataTransfer);
      if (!files && !(hasLink(event.dataTransfer) && !isField(event.target))) return;
      event.preventDefault();
      if (files) void take(event.dataTransfer);
      else props.onLink(linkTexts(event.dataTransfer));
    },
    { signal },
  );
  document.addEventListener(
    'paste',
    (event) => {
      const { clipboardData, target } = event;
      if (!clipboardData) return;
      const files = hasFiles(clipboardData);
      if (!files && (isField(target) || !isPastedLink(clipboardData))) return;
      event.preventDefault();
      if (files) void take(clipboardData);
      else props.onLink(linkTexts(clipboardData));
    },
    { signal },
  );

  return (
    <Show when={over()}>
      <div class="drop-zone" ref={(veil) => queueMicrotask(() => veil.showPopover())} popover="manual">
        <Logo mood="open" />
        <p>{t('upload.drop')}</p>
        <p class="drop-zone-hint">{t('upload.drop.hint')}</p>
      </div>
    </Show>
  );
}
