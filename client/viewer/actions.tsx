import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Index, onCleanup, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { toApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary, useSharingDictionary } from '../i18n/dictionaries.tsx';
import { createCopying, type Copied } from '../shares/copying.ts';
import { createFavouriteAction } from '../library/favourite-action.ts';
import { prefersShareSheet, shareItem } from '../shares/native-share.ts';
import { itemLink } from '../shares/shares.queries.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { isTyping } from '../ui/shortcuts.ts';
import { toListItem } from '../library/list-pages.ts';
import { createCopyActions, type CopyAction } from './copy-actions.ts';
import { downloadUrl } from './media-urls.ts';
import { MoreActions } from './more-actions.tsx';
import './actions.css';

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

/**
 * Actions on an item, within reach of the thumb. The first one is large: to copy with a mouse, to
 * share on a touch screen.
 */
export function Actions(props: ActionsProps) {
  const { errorText, loadErrors } = useI18n();
  const t = useMediaDictionary();
  const tSharing = useSharingDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const [said, setSaid] = createSignal<{ text: string; done: Copied | null } | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  const tell = (text: string, done: Copied | null = null) => {
    clearTimeout(timer);
    setSaid({ text, done });
    timer = setTimeout(() => setSaid(null), done ? NOTICE_MS : ERROR_NOTICE_MS);
  };
  const copying = createCopying(tell);
  const copies = createCopyActions(() => props.item, copying);
  const inTrash = () => props.item.deletedAt !== null;
  const touch = matchMedia('(pointer: coarse)').matches;
  const sharesFirst = () => touch && !inTrash();

  const [sharing, setSharing] = createSignal(false);
  const sendItem = () =>
    shareItem(props.item, props.label, async () => (await itemLink(client, props.item.id)).url).catch(
      (thrown: unknown) => loadErrors().then(() => tell(errorText(toApiError(thrown).code))),
    );
  const share = () => (prefersShareSheet() ? void sendItem() : setSharing(true));

  const favour = createFavouriteAction();
  /** A list item has no text. */
  const toggleFavourite = () => favour([toListItem(props.item)]);
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'f' || event.defaultPrevented || isTyping(event) || inTrash()) return;
    if (document.querySelectorAll('dialog[open]').length > 1) return;
    event.preventDefault();
    toggleFavourite();
  };
  document.addEventListener('keydown', onKey);
  onCleanup(() => document.removeEventListener('keydown', onKey));

  const favourites = () =>
    props.item.favourites > 0
      ? tSharing('favourite.count', { count: props.item.favourites })
      : tSharing('favourite.one');
  const Copies = (row: { each: readonly CopyAction[]; primary?: boolean }) => (
    <Index each={row.each}>
      {(copy) => (
        <Action
          icon={said()?.done === copy().copied ? 'check' : copy().icon}
          label={copy().label}
          primary={row.primary === true}
          busy={copy().busy}
          onPress={() => copy().run()}
        />
      )}
    </Index>
  );

  return (
    <div class="actions">
      <Show when={sharesFirst()} fallback={<Copies each={copies.list().slice(0, 1)} primary />}>
        <Action icon="share" label={tSharing('share.open')} primary onPress={share} />
      </Show>
      <Show when={!inTrash()}>
        <button
          type="button"
          class="action-star"
          title={favourites()}
          aria-label={favourites()}
          aria-pressed={props.item.favourite}
          aria-keyshortcuts="f"
          onClick={toggleFavourite}
        >
          <Icon name="star" />
          <Show when={props.item.favourites > 0}>
            <span aria-hidden="true">{props.item.favourites}</span>
          </Show>
        </button>
      </Show>
      <Copies each={sharesFirst() ? copies.list().slice(0, 1) : touch ? [] : copies.list().slice(1)} />
      <Show when={!touch && !inTrash()}>
        <Action icon="share" label={tSharing('share.open')} onPress={share} />
      </Show>
      <a class="action" href={downloadUrl(props.item)} download="">
        <Icon name="download" />
        <span>{t('media.download')}</span>
      </a>
      <MoreActions
        item={props.item}
        mine={props.mine}
        copies={touch ? copies.list().slice(1) : []}
        onReplace={(file) => props.onReplace(file)}
        onShare={() => setSharing(true)}
        onCopyAddress={() => void copying.address(props.item).catch(report)}
        onCopyCode={(language) => void copying.code(props.item, language, props.label).catch(report)}
        onDelete={() => props.onDelete()}
        onSaid={(text) => tell(text)}
      />
      <Show when={sharing()}>
        <ShareDialog items={[props.item]} name={props.label} onClose={() => setSharing(false)} />
      </Show>
      <p class="actions-said" role="status">
        {said()?.text ?? (copies.copyingImage() ? t('action.finishing') : '')}
      </p>
    </div>
  );
}

function Action(props: {
  icon: IconName;
  label: string;
  primary?: boolean;
  busy?: boolean;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      class={props.primary === true ? 'button primary action-primary' : 'action'}
      aria-busy={props.busy}
      onClick={() => {
        if (props.busy !== true) props.onPress();
      }}
    >
      <Icon name={props.icon} />
      <span>{props.label}</span>
    </button>
  );
}
