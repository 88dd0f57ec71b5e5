import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, createSignal, on, Show } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { isOwnerOrAdmin } from '../auth/ownership.ts';
import { useSession } from '../auth/session-gate.tsx';
import {
  BrowseDictionary,
  SharingDictionary,
  useBrowseDictionary,
  useSharingDictionary,
} from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { formatBytes } from '../i18n/format-bytes.ts';
import { itemName } from '../library/item-name.ts';
import { prefersShareSheet, shareItem } from '../shares/native-share.ts';
import { itemLink } from '../shares/shares.queries.ts';
import { lazyComponent } from '../ui/lazy.tsx';
import { TagDialog } from '../tags/tag-dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { DeferredRender } from '../ui/deferred-render.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { useLibrary } from '../library/library-context.tsx';
import { areFavourites, createFavouriteAction } from '../library/favourite-action.ts';
import { collectionOf, takeSort } from '../library/query-filters.ts';
import { deleteItems, downloadItems, restoreItems } from '../library/bulk-actions.ts';
import { archiveSize } from './archive-size.ts';
import './selection-bar.css';
import { MAX_BULK_ITEMS } from '../../app/media/media.limits.ts';
import { MAX_SHARE_ITEMS } from '../../app/shares/shares.limits.ts';

const ShareDialog = lazyComponent(
  () => import('../shares/share-dialog.tsx').then((m) => m.ShareDialog),
  'over',
);

const PurgeDialog = lazyComponent(
  () => import('../trash/purge-dialog.tsx').then((m) => m.PurgeDialog),
  'over',
);

const ArchiveDialog = lazyComponent(
  () => import('./archive-dialog.tsx').then((m) => m.ArchiveDialog),
  'over',
);

const CollectDialog = lazyComponent(
  () => import('../collections/collect-dialog.tsx').then((m) => m.CollectDialog),
  'over',
);
const CollectionActions = lazyComponent(
  () => import('../collections/collection-actions.tsx').then((m) => m.CollectionActions),
  'nowhere',
);

/** The selected items, as an archive to download. */
interface Archive {
  ids: readonly string[];
  count: number;
  /** With its unit. */
  size: string;
}

/** A request of a key to the bar. Each one is an object of its own. */
export interface SelectionRequest {
  is: 'delete' | 'tag' | 'favourite';
}

interface SelectionBarProps {
  asked: SelectionRequest | null;
  onGone: (next: string) => void;
}

/**
 * Toolbar with the actions on the selected items, within reach of the thumb. It follows the
 * selected tile's checkbox in focus order.
 *
 * @param props.asked the last request of a key, maybe from before the bar was loaded
 * @param props.onGone called when the items leave the list, with the id of the item in their place
 */
export function SelectionBar(props: SelectionBarProps) {
  return (
    <DeferredRender>
      <BrowseDictionary>
        <SharingDictionary>
          <Bar asked={props.asked} onGone={(next) => props.onGone(next)} />
        </SharingDictionary>
      </BrowseDictionary>
    </DeferredRender>
  );
}

function Bar(props: SelectionBarProps) {
  const i18n = useI18n();
  const t = useBrowseDictionary();
  const tSharing = useSharingDictionary();
  const library = useLibrary();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();
  const { user } = useSession();
  const [tagging, setTagging] = createSignal(false);
  const [collecting, setCollecting] = createSignal(false);
  const [purging, setPurging] = createSignal<readonly string[] | null>(null);
  const { selection } = library;

  // A memo, because the list may have thousands.
  const items = createMemo(() => library.items().filter(({ id }) => selection.has(id)));
  const mine = () => items().filter((item) => isOwnerOrAdmin(user(), item));
  /** Removes the selected items from the list and moves the focus to the item in their place. */
  const leave = () => {
    const all = library.items();
    const first = all.findIndex(({ id }) => selection.has(id));
    const stays = ({ id }: MediaListItem) => !selection.has(id);
    const next = all.slice(first).find(stays) ?? all.slice(0, first).findLast(stays);
    selection.clear();
    if (next) props.onGone(next.id);
  };

  const remove = async () => {
    const all = items().length;
    const targets = mine();
    if (targets.length === 0) {
      toasts.show(t('select.notYours'));
      return;
    }
    const deletion = deleteItems(client, targets);
    leave();
    const { count, undo } = await deletion;
    toasts.show(t(count < all ? 'select.deletedSome' : 'select.deleted', { count }), {
      action: {
        label: t('select.undo'),
        run: () => void undo().then((back) => toasts.show(t('select.restored', { count: back })), report),
      },
    });
  };
  const [loading, setLoading] = createSignal(false);
  const allLoaded = () => selection.count() === library.items().length;
  /** Selects all items, page by page. It stops when the user deselects an item. */
  const selectRest = async () => {
    setLoading(true);
    try {
      for (let more = true; more;) {
        const selected = selection.ids();
        more = await library.loadNext();
        if (!selection.active() || !selected.every(selection.has)) return;
        selection.all();
      }
    } finally {
      setLoading(false);
    }
  };
  const restore = async () => {
    const restoration = restoreItems(client, items());
    leave();
    toasts.show(t('select.restored', { count: await restoration }));
  };
  const purge = () => {
    if (mine().length === 0) toasts.show(t('select.notYours'));
    else setPurging(mine().map(({ id }) => id));
  };
  const [asking, setAsking] = createSignal<Archive | null>(null);
  const archive = () => {
    const { bytes, isLarge } = archiveSize(items());
    const size = formatBytes(i18n.language(), bytes);
    return { ids: selection.ids(), count: selection.count(), size, isLarge };
  };
  const download = () => {
    const wanted = archive();
    if (wanted.count > MAX_BULK_ITEMS)
      toasts.show(t('select.tooMany', { count: MAX_BULK_ITEMS }), { tone: 'problem' });
    else if (wanted.isLarge) setAsking(wanted);
    else pack(wanted);
  };
  const pack = ({ ids, count, size }: Archive) => {
    toasts.show(t('select.packing', { count, size }));
    downloadItems(ids, () => toasts.show(t('select.zipFailed'), { tone: 'problem' }));
  };

  const [sharing, setSharing] = createSignal<readonly MediaListItem[] | null>(null);
  const nameOf = (item: MediaListItem | undefined) => (item ? itemName(item, i18n) : '');
  const share = () => {
    const all = items();
    const [first] = all;
    if (!first) return;
    if (all.length > MAX_SHARE_ITEMS)
      toasts.show(tSharing('share.tooMany', { count: MAX_SHARE_ITEMS }), { tone: 'problem' });
    else if (all.length === 1 && prefersShareSheet())
      shareItem(first, nameOf(first), async () => (await itemLink(client, first.id)).url).catch(report);
    else setSharing(all);
  };

  const toggleFavourites = createFavouriteAction();
  createEffect(
    on(
      () => props.asked,
      (request) => {
        if (request?.is === 'tag') setTagging(true);
        else if (request?.is === 'favourite') toggleFavourites(items());
        else if (request) void remove().catch(report);
      },
    ),
  );

  return (
    <>
      <div class="selection-bar" role="toolbar" aria-label={t('select.bar')}>
        <button
          type="button"
          class="button icon-only"
          aria-label={t('select.none')}
          onClick={() => selection.clear()}
        >
          <Icon name="close" />
        </button>
        <p class="selection-count" role="status">
          {t('select.count', { count: selection.count() })}
        </p>
        <Show when={loading() || (allLoaded() && library.list().hasNextPage)}>
          <button
            type="button"
            class="button selection-rest"
            aria-disabled={loading()}
            onClick={() => loading() || void selectRest().catch(report)}
          >
            {loading() ? t('select.loading') : t('select.rest', { count: selection.count() })}
          </button>
        </Show>
        <Show
          when={library.trash()}
          fallback={
            <>
              <button type="button" class="button" aria-keyshortcuts="t" onClick={() => setTagging(true)}>
                <Icon name="tag" />
                {t('select.tag')}
              </button>
              <button
                type="button"
                class="button"
                aria-keyshortcuts="f"
                aria-pressed={areFavourites(items())}
                onClick={() => toggleFavourites(items())}
              >
                <Icon name="star" />
                {tSharing('favourite.one')}
              </button>
              <button
                type="button"
                class="button"
                title={tSharing('collect.open')}
                onClick={() => setCollecting(true)}
              >
                <Icon name="collection" />
                {tSharing('collect.short')}
              </button>
              <Show when={collectionOf(takeSort(library.q()).rest)}>
                {(name) => <CollectionActions name={name()} />}
              </Show>
              <button type="button" class="button" onClick={share}>
                <Icon name="share" />
                {tSharing('share.open')}
              </button>
              <button type="button" class="button" title={t('select.size', archive())} onClick={download}>
                <Icon name="download" />
                {t('select.download')}
              </button>
              <button
                type="button"
                class="button danger"
                aria-keyshortcuts="Delete"
                onClick={() => void remove().catch(report)}
              >
                <Icon name="trash" />
                {t('select.delete')}
              </button>
            </>
          }
        >
          <button type="button" class="button" onClick={() => selection.all()}>
            <Icon name="check" />
            {t('select.all')}
          </button>
          <button type="button" class="button" onClick={() => void restore().catch(report)}>
            <Icon name="retry" />
            {t('select.restore')}
          </button>
          <button type="button" class="button danger" onClick={purge}>
            <Icon name="trash" />
            {t('select.purge')}
          </button>
        </Show>
      </div>
      <Show when={purging()}>
        {(ids) => <PurgeDialog ids={ids()} onPurged={leave} onClose={() => setPurging(null)} />}
      </Show>
      <Show when={asking()}>
        {(wanted) => (
          <ArchiveDialog
            count={wanted().count}
            size={wanted().size}
            onConfirm={() => pack(wanted())}
            onClose={() => setAsking(null)}
          />
        )}
      </Show>
      <Show when={collecting()}>
        <CollectDialog ids={selection.ids()} onClose={() => setCollecting(false)} />
      </Show>
      <Show when={tagging()}>
        <TagDialog items={items()} onClose={() => setTagging(false)} />
      </Show>
      <Show when={sharing()}>
        {(chosen) => (
          <ShareDialog items={chosen()} name={nameOf(chosen()[0])} onClose={() => setSharing(null)} />
        )}
      </Show>
    </>
  );
}
