import { createEffect, createSignal, on, Show } from 'solid-js';
import {
  BrowseDictionary,
  SharingDictionary,
  useBrowseDictionary,
  useSharingDictionary,
} from '../i18n/dictionaries.tsx';
import { areFavourites } from '../library/favourite-action.ts';
import { useLibrary } from '../library/library-context.tsx';
import { collectionOf, takeSort } from '../library/query-filters.ts';
import { DeferredRender } from '../ui/deferred-render.tsx';
import { Icon } from '../ui/icon.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { createSelectionActions } from './selection-actions.ts';
import { SelectionDialogs } from './selection-dialogs.tsx';
import './selection-bar.css';

const CollectionActions = lazyComponent(
  () => import('../collections/collection-actions.tsx').then((m) => m.CollectionActions),
  'nowhere',
);

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
  const t = useBrowseDictionary();
  const tSharing = useSharingDictionary();
  const library = useLibrary();
  const report = useErrorReport();
  const actions = createSelectionActions((next) => props.onGone(next));
  const { selection } = library;
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

  createEffect(
    on(
      () => props.asked,
      (request) => {
        if (request?.is === 'tag') actions.open({ is: 'tag' });
        else if (request?.is === 'favourite') actions.toggleFavourites();
        else if (request) actions.remove();
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
              <button
                type="button"
                class="button"
                aria-keyshortcuts="t"
                onClick={() => actions.open({ is: 'tag' })}
              >
                <Icon name="tag" />
                {t('select.tag')}
              </button>
              <button
                type="button"
                class="button"
                aria-keyshortcuts="f"
                aria-pressed={areFavourites(actions.items())}
                onClick={() => actions.toggleFavourites()}
              >
                <Icon name="star" />
                {tSharing('favourite.one')}
              </button>
              <button
                type="button"
                class="button"
                title={tSharing('collect.open')}
                onClick={() => actions.open({ is: 'collect' })}
              >
                <Icon name="collection" />
                {tSharing('collect.short')}
              </button>
              <Show when={collectionOf(takeSort(library.q()).rest)}>
                {(name) => <CollectionActions name={name()} />}
              </Show>
              <button type="button" class="button" onClick={() => actions.share()}>
                <Icon name="share" />
                {tSharing('share.open')}
              </button>
              <button
                type="button"
                class="button"
                title={t('select.size', actions.archive())}
                onClick={() => actions.download()}
              >
                <Icon name="download" />
                {t('select.download')}
              </button>
              <button
                type="button"
                class="button danger"
                aria-keyshortcuts="Delete"
                onClick={() => actions.remove()}
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
          <button type="button" class="button" onClick={() => actions.restore()}>
            <Icon name="retry" />
            {t('select.restore')}
          </button>
          <button type="button" class="button danger" onClick={() => actions.purge()}>
            <Icon name="trash" />
            {t('select.purge')}
          </button>
        </Show>
      </div>
      <SelectionDialogs actions={actions} />
    </>
  );
}
