import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, createUniqueId, onCleanup, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useMediaDictionary, useSharingDictionary } from '../i18n/dictionaries.tsx';
import { prefersShareSheet } from '../shares/native-share.ts';
import { Icon } from '../ui/icon.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { reprocessItem } from '../library/item.queries.ts';

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
  onSaid: (text: string) => void;
}

/** Rare actions: share options, the file's address, another file, processing again. */
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
  const remake = (overwriteText: boolean) => {
    close();
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
            <button
              type="button"
              class="button"
              onClick={() => {
                close();
                props.onShare();
              }}
            >
              <Icon name="share" />
              {tSharing('share.options')}
            </button>
          </Show>
          <button
            type="button"
            class="button"
            onClick={() => {
              close();
              props.onCopyAddress();
            }}
          >
            <Icon name="link" />
            {tSharing('copy.address')}
          </button>
        </Show>
        <Show when={props.mine && props.item.deletedAt === null}>
          <button type="button" class="button" onClick={() => picker.click()}>
            <Icon name="picture" />
            {t('action.replace')}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              close();
              setRenewing(true);
            }}
          >
            <Icon name="link" />
            {t('action.newAddress')}
          </button>
        </Show>
        <button type="button" class="button" onClick={() => remake(false)}>
          <Icon name="retry" />
          {t('make.again')}
        </button>
        <Show when={props.item.textEdited}>
          <button type="button" class="button" onClick={() => remake(true)}>
            <Icon name="words" />
            {t('text.readAgain')}
          </button>
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
