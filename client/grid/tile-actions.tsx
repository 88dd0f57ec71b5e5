import { createEffect, createSignal, For, onCleanup, Show, type Accessor } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { SharingDictionary, useSharingDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { createFavouriteAction } from '../library/favourite-action.ts';
import { itemName } from '../library/item-name.ts';
import { libraryPath } from '../library/paths.ts';
import { captionLines } from './grid.model.ts';
import { copiedBy, createCopying } from '../shares/copying.ts';
import { lazyComponent } from '../ui/lazy.tsx';
import { Icon } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import './tile-actions.css';

const ShareDialog = lazyComponent(
  () => import('../shares/share-dialog.tsx').then((m) => m.ShareDialog),
  'over',
);

const CollectDialog = lazyComponent(
  () => import('../collections/collect-dialog.tsx').then((m) => m.CollectDialog),
  'over',
);

interface TileActionsProps {
  list: HTMLElement;
  item: (id: string) => MediaListItem | undefined;
  /** Whether tiles offer actions now. */
  offered: Accessor<boolean>;
}

const tileOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('.tile') : null;

/**
 * Creates the buttons to favour, collect, copy and share an item, and its name and tags. One
 * element of each serves all tiles and moves into the hovered or focused one. So thousands of tiles
 * cost nothing. Another element marks the tile that was copied last.
 */
export function createTileActions(props: TileActionsProps) {
  const i18n = useI18n();
  const toasts = useToasts();
  const report = useErrorReport();
  const [id, setId] = createSignal<string | null>(null);
  const [shared, setShared] = createSignal<MediaListItem | null>(null);
  const [collected, setCollected] = createSignal<string | null>(null);
  const [copiedId, setCopiedId] = createSignal<string | null>(null);
  const copying = createCopying((text, copied) => toasts.show(text, { tone: copied ? 'plain' : 'problem' }));

  const toggleFavourite = createFavouriteAction();
  const favour = (itemId: string) => {
    const item = props.item(itemId);
    if (item) toggleFavourite([item]);
  };
  const copy = (itemId: string) => {
    const item = props.item(itemId);
    if (!item) return;
    copying.best(item).then((done) => done && setCopiedId(itemId), report);
  };

  let bar!: HTMLDivElement;
  let info!: HTMLDivElement;
  let mark!: HTMLSpanElement;
  let host!: HTMLDivElement;
  // Runs the templates once; the effect below puts their elements into the page.
  void [
    <div ref={bar} class="tile-actions">
      <SharingDictionary>
        <Show when={props.item(id() ?? '')}>
          {(item) => (
            <Buttons
              item={item()}
              onCopy={copy}
              onFavour={favour}
              onCollect={setCollected}
              onShare={setShared}
            />
          )}
        </Show>
      </SharingDictionary>
    </div>,
    <div ref={info} class="tile-info" style={{ bottom: captionHeight(props.item(id() ?? '')) }}>
      <Show when={props.item(id() ?? '')}>{(item) => <Info item={item()} />}</Show>
    </div>,
    <span ref={mark} class="tile-copied" aria-hidden="true">
      <Icon name="check" />
    </span>,
    <div ref={host}>
      <Show when={shared()} keyed>
        {(item) => <ShareDialog items={[item]} name={itemName(item, i18n)} onClose={() => setShared(null)} />}
      </Show>
      <Show when={collected()} keyed>
        {(itemId) => <CollectDialog ids={[itemId]} onClose={() => setCollected(null)} />}
      </Show>
    </div>,
  ];
  document.body.append(host);
  onCleanup(() => host.remove());
  const place = (element: HTMLElement, at: string | null) => {
    const tile = at === null ? null : props.list.querySelector(`[data-id="${at}"]`);
    if (!tile) element.remove();
    else if (element.parentElement !== tile) tile.append(element);
  };
  const placeMark = () => place(mark, copiedId());
  createEffect(() => {
    for (const element of [bar, info]) place(element, props.offered() ? id() : null);
  });
  createEffect(placeMark);
  // A tile that was scrolled away and back has a new element.
  const observer = new MutationObserver(placeMark);
  observer.observe(props.list, { childList: true });
  onCleanup(() => observer.disconnect());

  const idOf = (target: EventTarget | null) => tileOf(target)?.dataset['id'] ?? null;
  props.list.addEventListener('pointerover', (event) => {
    // The focus keeps the buttons while it is on them. A finger selects by a long press instead.
    if (event.pointerType !== 'touch' && !bar.contains(document.activeElement)) setId(idOf(event.target));
  });
  props.list.addEventListener('pointerleave', () => {
    if (!bar.contains(document.activeElement)) setId(idOf(document.activeElement));
  });
  props.list.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element && target.matches(':focus-visible')) setId(idOf(target));
  });
  props.list.addEventListener('focusout', ({ relatedTarget }) => {
    if (!props.list.contains(relatedTarget instanceof Node ? relatedTarget : null)) setId(null);
  });

  return {
    copy,
    /** Makes the item a favourite of the user, or no longer. */
    favour,
    /** Whether an event belongs to one of the buttons or tags. */
    contains: (target: EventTarget | null) =>
      target instanceof Node && (bar.contains(target) || info.contains(target)),
  };
}

/** Height of the caption below the picture; tile.css has the same values. */
const captionHeight = (item: MediaListItem | undefined) => {
  const lines = item ? captionLines(item) : 0;
  return `calc(${lines && lines + 0.5} * 1.4 * var(--text-s))`;
};

/**
 * The name of a tile without a caption, and the tags. The tags are no Tab stops, which would be
 * many: the viewer has them, too.
 */
function Info(props: { item: MediaListItem }) {
  const i18n = useI18n();
  return (
    <>
      <Show when={!props.item.title}>
        <span aria-hidden="true">{itemName(props.item, i18n)}</span>
      </Show>
      <For each={props.item.tags}>
        {(tag) => (
          <a href={libraryPath(`tag:${tag}`)} tabindex="-1">
            #{tag}
          </a>
        )}
      </For>
    </>
  );
}

interface ButtonsProps {
  item: MediaListItem;
  onCopy: (id: string) => void;
  onFavour: (id: string) => void;
  onCollect: (id: string) => void;
  onShare: (item: MediaListItem) => void;
}

function Buttons(props: ButtonsProps) {
  const i18n = useI18n();
  const t = useSharingDictionary();
  const names = () => ({ name: itemName(props.item, i18n) });
  const isImage = () => copiedBy(props.item) === 'image';
  return (
    <>
      <button
        type="button"
        title={t(isImage() ? 'copy.image' : 'copy.link')}
        aria-label={t(isImage() ? 'copy.imageOf' : 'copy.linkOf', names())}
        aria-keyshortcuts="c"
        onClick={() => props.onCopy(props.item.id)}
      >
        <Icon name={isImage() ? 'copy' : 'link'} />
      </button>
      <button
        type="button"
        title={t('share.open')}
        aria-label={t('share.openNamed', names())}
        onClick={() => props.onShare(props.item)}
      >
        <Icon name="share" />
      </button>
      <button
        type="button"
        title={
          props.item.favourites > 0
            ? t('favourite.count', { count: props.item.favourites })
            : t('favourite.one')
        }
        aria-label={t('favourite.named', names())}
        aria-keyshortcuts="f"
        aria-pressed={props.item.favourite}
        onClick={() => props.onFavour(props.item.id)}
      >
        <Icon name="star" />
      </button>
      <button
        type="button"
        title={t('collect.open')}
        aria-label={t('collect.openNamed', names())}
        onClick={() => props.onCollect(props.item.id)}
      >
        <Icon name="collection" />
      </button>
    </>
  );
}
