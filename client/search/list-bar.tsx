import { createEffect, createMemo, createUniqueId, For, onCleanup, Show } from 'solid-js';
import { useNavigate } from '@solidjs/router';
import { DENSITIES, density, isDensity, useDensity } from '../grid/tile-settings.ts';
import { showsDays, useDays } from '../home/on-this-day.model.ts';
import { BrowseDictionary, useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { useLibrary } from '../library/library-context.tsx';
import { libraryPath } from '../library/paths.ts';
import { useProcessing } from '../library/processing-provider.tsx';
import { collectionOf, SORTS, splitQuery, takeSort, withFilter } from '../library/query-filters.ts';
import { Icon } from '../ui/icon.tsx';
import { showsNotes, useNotes } from './tile-notes.tsx';
import './list-bar.css';

const SIZES = Object.keys(DENSITIES).filter(isDensity);
/** The default order: the best match of words, that of a collection, else the newest item. */
type Order = 'best' | 'collection' | (typeof SORTS)[number];

/** The end of the filter row: how many items are being read, and the view of the list. */
export function ListBar() {
  const library = useLibrary();
  return (
    <BrowseDictionary>
      <div class="list-bar" classList={{ 'in-trash': library.trash() }}>
        <Reading />
        <View />
      </div>
    </BrowseDictionary>
  );
}

/** One line for all items that are being read; follows them until they are done. */
function Reading() {
  const t = useBrowseDictionary();
  const library = useLibrary();
  const poller = useProcessing();
  const busy = createMemo(() => library.items().filter(({ state }) => state === 'processing'));
  createEffect(() => {
    const stops = busy().map(({ id }) => poller.watch(id));
    onCleanup(() => stops.forEach((stop) => stop()));
  });
  return (
    <Show when={busy().length}>
      {(count) => (
        <span class="list-reading" data-count={count()}>
          <Icon name="words" />
          <span>{t('view.reading', { count: count() })}</span>
        </span>
      )}
    </Show>
  );
}

/** The button that names the order, and its menu: order, size of tiles, notes on them. */
function View() {
  const t = useBrowseDictionary();
  const library = useLibrary();
  const navigate = useNavigate();
  const id = createUniqueId();
  const hasWords = () => splitQuery(takeSort(library.q()).rest).words.trim() !== '';
  const usual = (): Order => {
    if (hasWords()) return 'best';
    return collectionOf(takeSort(library.q()).rest) === null ? 'newest' : 'collection';
  };
  const orders = (): readonly Order[] => [...new Set<Order>([usual(), ...SORTS])];
  const order = (): Order => takeSort(library.q()).sort ?? usual();
  const choose = (next: Order) => {
    const { rest } = takeSort(library.q());
    navigate(libraryPath(withFilter(rest, `sort:${next}`, next !== usual())));
  };
  return (
    <>
      <button
        type="button"
        class="filter list-view"
        popovertarget={id}
        aria-label={`${t('view.open')}: ${t(`view.sort.${order()}`)}`}
        aria-haspopup="dialog"
      >
        <Icon name="sort" />
        <span aria-hidden="true">{t(`view.sort.${order()}`)}</span>
      </button>
      <div id={id} class="account-menu list-menu" popover="auto" role="group" aria-label={t('view.open')}>
        <Show when={!library.trash()}>
          <fieldset class="choice">
            <legend>{t('view.sort')}</legend>
            <div class="choice-options list-orders">
              <For each={orders()}>
                {(name) => (
                  <label>
                    <input
                      type="radio"
                      name="order"
                      checked={order() === name}
                      onChange={() => choose(name)}
                    />
                    {t(`view.sort.${name}`)}
                  </label>
                )}
              </For>
            </div>
          </fieldset>
        </Show>
        <fieldset class="choice">
          <legend>{t('view.size')}</legend>
          <div class="choice-options">
            <For each={SIZES}>
              {(name) => (
                <label>
                  <input
                    type="radio"
                    name="size"
                    checked={density() === name}
                    onChange={() => useDensity(name)}
                  />
                  {t(`view.size.${name}`)}
                </label>
              )}
            </For>
          </div>
        </fieldset>
        <label class="list-notes">
          <input
            type="checkbox"
            checked={showsNotes()}
            onChange={(event) => useNotes(event.currentTarget.checked)}
          />
          {t('view.note')}
        </label>
        <label class="list-notes">
          <input
            type="checkbox"
            checked={showsDays()}
            onChange={(event) => useDays(event.currentTarget.checked)}
          />
          {t('view.days')}
        </label>
      </div>
    </>
  );
}
