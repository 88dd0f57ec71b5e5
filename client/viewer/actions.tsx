import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, onCleanup, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { toApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary, useSharingDictionary } from '../i18n/dictionaries.tsx';
import { canCopyImage } from '../shares/clipboard.ts';
import { isCopyKey } from '../shares/copy-key.ts';
import { copiedBy, createCopying, type Copied } from '../shares/copying.ts';
import { prefersShareSheet, shareItem } from '../shares/native-share.ts';
import { itemLink } from '../shares/shares.queries.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { downloadUrl } from './media-urls.ts';
import { MoreActions } from './more-actions.tsx';

/** Display time of "copied" and of an error message, in milliseconds. */
const NOTICE_MS = 2500;
const ERROR_NOTICE_MS = 6000;

const ShareDialog = lazyComponent(
  () => import('../shares/share-dialog.tsx').then((m) => m.ShareDialog),
  'over',
);

interface ActionsProps {
  item: MediaItem;
  label: string;
  /** Whether the current user added the item or is an admin. */
  mine: boolean;
  onDelete: () => void;
  onReplace: (file: File) => void;
}

/** Actions on an item, within reach of the thumb. */
export function Actions(props: ActionsProps) {
  const { errorText, loadErrors } = useI18n();
  const t = useMediaDictionary();
  const tSharing = useSharingDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const [said, setSaid] = createSignal<{ text: string; done: Copied | null } | null>(null);
  const [copyingImage, setCopyingImage] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  const tell = (text: string, done: Copied | null = null) => {
    clearTimeout(timer);
    setSaid({ text, done });
    timer = setTimeout(() => setSaid(null), done ? NOTICE_MS : ERROR_NOTICE_MS);
  };
  const copying = createCopying(tell);
  const copyPicture = async () => {
    if (copyingImage()) return;
    setCopyingImage(true);
    await copying.image(props.item).finally(() => setCopyingImage(false));
  };
  const inTrash = () => props.item.deletedAt !== null;
  const onKey = (event: KeyboardEvent) => {
    if (!isCopyKey(event) || event.defaultPrevented || document.querySelectorAll('dialog[open]').length > 1)
      return;
    if (copiedBy(props.item) === 'image') void copyPicture().catch(report);
    else if (!inTrash()) void copying.best(props.item).catch(report);
    event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  onCleanup(() => document.removeEventListener('keydown', onKey));
  const [sharing, setSharing] = createSignal(false);
  const sendItem = () =>
    shareItem(props.item, props.label, async () => (await itemLink(client, props.item.id)).url).catch(
      (thrown: unknown) => loadErrors().then(() => tell(errorText(toApiError(thrown).code))),
    );

  return (
    <div class="actions">
      <Show when={canCopyImage()}>
        <Action
          icon={said()?.done === 'image' || said()?.done === 'still' ? 'check' : 'copy'}
          label={tSharing(props.item.kind === 'image' ? 'copy.image' : 'copy.still')}
          busy={copyingImage()}
          onPress={() => void copyPicture().catch(report)}
        />
      </Show>
      <Show when={!inTrash()}>
        <Action
          icon={said()?.done === 'link' ? 'check' : 'link'}
          label={tSharing('copy.link')}
          onPress={() => void copying.link(props.item).catch(report)}
        />
        <Action
          icon="share"
          label={tSharing('share.open')}
          onPress={() => (prefersShareSheet() ? void sendItem() : setSharing(true))}
        />
      </Show>
      <a class="action" href={downloadUrl(props.item)} download="">
        <Icon name="download" />
        <span>{t('media.download')}</span>
      </a>
      <Show when={props.mine && !inTrash()}>
        <Action icon="trash" label={t('media.delete')} danger onPress={() => props.onDelete()} />
      </Show>
      <MoreActions
        item={props.item}
        mine={props.mine}
        onReplace={(file) => props.onReplace(file)}
        onShare={() => setSharing(true)}
        onCopyAddress={() => void copying.address(props.item).catch(report)}
        onSaid={(text) => tell(text)}
      />
      <Show when={sharing()}>
        <ShareDialog items={[props.item]} name={props.label} onClose={() => setSharing(false)} />
      </Show>
      <p class="actions-said" role="status">
        {said()?.text ?? (copyingImage() ? t('action.finishing') : '')}
      </p>
    </div>
  );
}

function Action(props: {
  icon: IconName;
  label: string;
  danger?: boolean;
  busy?: boolean;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      class="action"
      classList={{ danger: props.danger === true }}
      aria-busy={props.busy}
      onClick={() => {
        if (!props.busy) props.onPress();
      }}
    >
      <Icon name={props.icon} />
      <span>{props.label}</span>
    </button>
  );
}
