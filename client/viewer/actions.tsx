import { createSignal, onCleanup, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { toApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { downloadUrl, publicUrl } from './media-urls.ts';
import { canCopyImage, copyImage } from './clipboard.ts';
import { MoreActions } from './more-actions.tsx';
import { canShare, share } from './share.ts';

/** Display time of "copied" and of an error message, in milliseconds. */
const NOTICE_MS = 2500;
const ERROR_NOTICE_MS = 6000;

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
  const { errorText } = useI18n();
  const t = useMediaDictionary();
  const [said, setSaid] = createSignal<{ text: string; done?: 'link' | 'image' } | null>(null);
  const [copying, setCopying] = createSignal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  const tell = (text: string, done?: 'link' | 'image') => {
    clearTimeout(timer);
    setSaid(done ? { text, done } : { text });
    timer = setTimeout(() => setSaid(null), done ? NOTICE_MS : ERROR_NOTICE_MS);
  };
  const run = async (doing: Promise<void>, text: string, done: 'link' | 'image') => {
    try {
      await doing;
      tell(text, done);
    } catch (thrown) {
      // All refusals of the browser (permission, focus) get the same message.
      tell(thrown instanceof DOMException ? t('media.copyFailed') : errorText(toApiError(thrown).code));
    }
  };
  const copyPicture = async () => {
    setCopying(true);
    await run(copyImage(props.item.id), t('media.imageCopied'), 'image');
    setCopying(false);
  };
  const shareIt = () =>
    share(props.item, props.label).catch((thrown: unknown) => tell(errorText(toApiError(thrown).code)));

  return (
    <div class="actions">
      <Show when={canCopyImage()}>
        <Action
          icon={said()?.done === 'image' ? 'check' : 'copy'}
          label={t('media.copyImage')}
          busy={copying()}
          onPress={() => void copyPicture()}
        />
      </Show>
      <Action
        icon={said()?.done === 'link' ? 'check' : 'link'}
        label={t('media.copyLink')}
        onPress={() =>
          void run(navigator.clipboard.writeText(publicUrl(props.item)), t('media.linkCopied'), 'link')
        }
      />
      <Show when={canShare()}>
        <Action icon="share" label={t('media.share')} onPress={() => void shareIt()} />
      </Show>
      <a class="action" href={downloadUrl(props.item)} download="">
        <Icon name="download" />
        <span>{t('media.download')}</span>
      </a>
      <Show when={props.mine && props.item.deletedAt === null}>
        <Action icon="trash" label={t('media.delete')} danger onPress={() => props.onDelete()} />
      </Show>
      <MoreActions
        item={props.item}
        mine={props.mine}
        onReplace={(file) => props.onReplace(file)}
        onSaid={(text) => tell(text)}
      />
      <p class="actions-said" role="status">
        {said()?.text ?? (copying() ? t('action.finishing') : '')}
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
