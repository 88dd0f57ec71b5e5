import { createSignal, onCleanup, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useSession } from '../accounts/session-gate.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import type { MessageKey } from '../i18n/format.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { downloadUrl, fileName, publicUrl } from './addresses.ts';
import { canCopyImage, copyImage } from './clipboard.ts';

type Plain = 'media.linkCopied' | 'media.imageCopied' | 'media.copyFailed';

/** How long "copied" stands where "copy" stood, in milliseconds. */
const SAID_MS = 2500;

/** What can be done with a picture. */
export function Actions(props: { item: MediaItem; label: string; onDelete: () => void }) {
  const { t } = useI18n();
  const { user } = useSession();
  const [said, setSaid] = createSignal<Plain | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  const say = (key: Plain) => {
    clearTimeout(timer);
    setSaid(key);
    timer = setTimeout(() => setSaid(null), SAID_MS);
  };
  const copy = async (copying: Promise<void>, done: Plain) => {
    try {
      await copying;
      say(done);
    } catch {
      say('media.copyFailed'); // permission, focus or a picture the browser may not read: nothing to do about any
    }
  };

  const share = () =>
    navigator.share({ title: props.label, url: publicUrl(props.item) }).catch(ignoreDismissal);
  const mayDelete = () => user().role === 'admin' || user().id === props.item.owner.id;

  return (
    <div class="actions">
      <Action
        icon={said() === 'media.linkCopied' ? 'check' : 'link'}
        label="media.copyLink"
        onPress={() => void copy(navigator.clipboard.writeText(publicUrl(props.item)), 'media.linkCopied')}
      />
      <Show when={canCopyImage() && props.item.kind !== 'video'}>
        <Action
          icon={said() === 'media.imageCopied' ? 'check' : 'copy'}
          label="media.copyImage"
          onPress={() => void copy(copyImage(props.item.url), 'media.imageCopied')}
        />
      </Show>
      <Show when={'share' in navigator}>
        <Action icon="share" label="media.share" onPress={() => void share()} />
      </Show>
      <a class="action" href={downloadUrl(props.item)} download={fileName(props.item)}>
        <Icon name="download" />
        <span>{t('media.download')}</span>
      </a>
      <Show when={mayDelete()}>
        <Action icon="trash" label="media.delete" danger onPress={() => props.onDelete()} />
      </Show>
      <p class="actions-said" role="status">
        <Show when={said()}>{(key) => t(key())}</Show>
      </p>
    </div>
  );
}

function Action(props: {
  icon: IconName;
  label: Extract<MessageKey, 'media.copyLink' | 'media.copyImage' | 'media.share' | 'media.delete'>;
  danger?: boolean;
  onPress: () => void;
}) {
  const { t } = useI18n();
  return (
    <button
      type="button"
      class="action"
      classList={{ danger: props.danger === true }}
      onClick={() => props.onPress()}
    >
      <Icon name={props.icon} />
      <span>{t(props.label)}</span>
    </button>
  );
}

/** Closing the system's share sheet without sharing rejects with AbortError; that is no failure. */
function ignoreDismissal(thrown: unknown): void {
  if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) throw thrown;
}
