import { createSignal, onCleanup } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useSharingDictionary } from '../i18n/dictionaries.tsx';
import { canCopyImage } from '../shares/clipboard.ts';
import { isCopyKey } from '../shares/copy-key.ts';
import { copiedBy, type Copied, type createCopying } from '../shares/copying.ts';
import type { IconName } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';

/** An action that copies something of an item. */
export interface CopyAction {
  copied: Copied;
  icon: IconName;
  label: string;
  busy: boolean;
  run: () => void;
}

/**
 * Copies the shown item's image and its link; of a GIF or a video, the image is a still. The action
 * of the keys comes first in the list. Listens to the keys.
 */
export function createCopyActions(item: () => MediaItem, copying: ReturnType<typeof createCopying>) {
  const t = useSharingDictionary();
  const report = useErrorReport();
  const [copyingImage, setCopyingImage] = createSignal(false);

  const copyImage = async () => {
    if (copyingImage()) return;
    setCopyingImage(true);
    await copying.image(item()).finally(() => setCopyingImage(false));
  };
  const image = (): CopyAction => {
    const copied = item().kind === 'image' ? 'image' : 'still';
    const run = () => void copyImage().catch(report);
    return {
      copied,
      icon: 'copy',
      label: t(copied === 'image' ? 'copy.image' : 'copy.still'),
      busy: copyingImage(),
      run,
    };
  };
  const link = (): CopyAction => {
    const run = () => void copying.link(item()).catch(report);
    return { copied: 'link', icon: 'link', label: t('copy.link'), busy: false, run };
  };

  const onKey = (event: KeyboardEvent) => {
    if (!isCopyKey(event) || event.defaultPrevented || document.querySelectorAll('dialog[open]').length > 1)
      return;
    if (copiedBy(item()) === 'image') void copyImage().catch(report);
    else if (item().deletedAt === null) void copying.best(item()).catch(report);
    event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  onCleanup(() => document.removeEventListener('keydown', onKey));

  return {
    copyingImage,
    list: (): CopyAction[] => {
      const images = canCopyImage() ? [image()] : [];
      const links = item().deletedAt === null ? [link()] : [];
      return copiedBy(item()) === 'image' ? [...images, ...links] : [...links, ...images];
    },
  };
}
