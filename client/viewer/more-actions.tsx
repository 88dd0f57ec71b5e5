import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, createUniqueId, Index, onCleanup, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useMediaDictionary, useSharingDictionary } from '../i18n/dictionaries.tsx';
import type { EmbedLanguage } from '../shares/embed-code.ts';
import { prefersShareSheet } from '../shares/native-share.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { reprocessItem } from '../library/item.queries.ts';
import type { CopyAction } from './copy-actions.ts';

const NewAddressDialog = lazyComponent(
  () => import('../trash/new-address-dialog.tsx').then((m) => m.NewAddressDialog),
  'over',
);

interface MoreActionsProps {
  item: MediaItem;
  mine: boolean;
  onReplace: (file: File) => void;
  onShare: () => void;
  onCopyAddress: () => void;
  onCopyCode: (language: EmbedLanguage) => void;
  /** Other content to copy, for which the row of actions has no place. */
  copies: readonly CopyAction[];
  onDelete: () => void;
  onSaid: (text: string) => void;
}

/** Rare actions: share options, the file's address, another file, processing again, deletion. */
export function MoreActions(props: MoreActionsProps) {
  const t = useMediaDictionary();
  const tSharing = useSharingDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const id = createUniqueId();
  const [open, setOpen] = createSignal(false);
  const [renewing, setRenewing] = createSignal(false);
  let around!: HTMLDivElement;
  let button!: HTMLButtonElement;
  let picker!: HTMLInputElement;

  const leave = (event: Event) => {
    if (open() && event.target instanceof Node && !around.contains(event.target)) setOpen(false);
  };
  for (const type of ['pointerdown', 'focusin']) document.addEventListener(type, leave);
  onCleanup(() => {
    for (const type of ['pointerdown', 'focusin']) document.removeEventListener(type, leave);
  });

  const close = () => {
    setOpen(false);
    button.focus();
  };
  const act = (action: () => void) => {
    close();
    action();
  };
  const mayDelete = () => props.mine && props.item.deletedAt === null;
  const remake = (overwriteText: boolean) => {
    reprocessItem(client, props.item.id, overwriteText).then(() => props.onSaid(t('make.started')), report);
  };

  return (
    <div
      ref={around}
      class="more"
      on:keydown={(event) => {
        if (event.key !== 'Escape' || !open()) return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <button
        ref={button}
        type="button"
        class="action"
        aria-expanded={open()}
        aria-controls={id}
        onClick={() => setOpen((now) => !now)}
      >
        <Icon name="more" />
        <span>{t('action.more')}</span>
      </button>
      <div id={id} class="more-list" hidden={!open()}>
        <Show when={props.item.deletedAt === null}>
          <Show when={prefersShareSheet()}>
            <Row icon="share" label={tSharing('share.options')} onPress={() => act(() => props.onShare())} />
          </Show>
          <Index each={props.copies}>
            {(copy) => (
              <Row icon={copy().icon} label={copy().label} onPress={() => act(() => copy().run())} />
            )}
          </Index>
          <Row
            icon="link"
            label={tSharing('copy.address')}
            onPress={() => act(() => props.onCopyAddress())}
          />
          <Row
            icon="copy"
            label={tSharing('copy.markdown')}
            onPress={() => act(() => props.onCopyCode('markdown'))}
          />
          <Row
            icon="copy"
            label={tSharing('copy.html')}
            onPress={() => act(() => props.onCopyCode('html'))}
          />
        </Show>
        <Show when={mayDelete()}>
          <Row icon="picture" label={t('action.replace')} onPress={() => picker.click()} />
          <Row icon="link" label={t('action.newAddress')} onPress={() => act(() => setRenewing(true))} />
        </Show>
        <Row icon="retry" label={t('make.again')} onPress={() => act(() => remake(false))} />
        <Show when={props.item.textEdited}>
          <Row icon="words" label={t('text.readAgain')} onPress={() => act(() => remake(true))} />
        </Show>
        <Show when={mayDelete()}>
          <Row
            icon="trash"
            label={t('media.delete')}
            danger
            shortcut="Delete"
            onPress={() => act(() => props.onDelete())}
          />
        </Show>
      </div>
      <Show when={renewing()}>
        <NewAddressDialog
          item={props.item}
          onSaid={(text) => props.onSaid(text)}
          onClose={() => setRenewing(false)}
        />
      </Show>
      <input
        ref={picker}
        type="file"
        hidden
        accept="image/*,video/*"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          setOpen(false);
          if (file) props.onReplace(file);
        }}
      />
    </div>
  );
}

function Row(props: {
  icon: IconName;
  label: string;
  danger?: boolean;
  shortcut?: string;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      class="button"
      classList={{ danger: props.danger === true }}
      aria-keyshortcuts={props.shortcut}
      onClick={() => props.onPress()}
    >
      <Icon name={props.icon} />
      {props.label}
    </button>
  );
}
