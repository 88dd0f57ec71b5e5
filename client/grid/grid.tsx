import { createEffect, createMemo, createSignal, For, onMount, Show, untrack } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { createLazyImport } from '../ui/lazy-import.ts';
import { useErrorReport } from '../ui/report-error.ts';
import { createIncrementalList } from '../ui/scheduler.tsx';
import { useLibrary } from '../library/library-context.tsx';
import { createGrid } from './grid.model.ts';
import { itemPaths } from '../library/paths.ts';
import { Tile } from './tile.tsx';
import { createViewport } from './viewport.ts';
import type { SelectionRequest } from './selection-bar.tsx';

/** Loads the selection bar, which is not needed before the first selection. */
export const loadSelectionBar = () => import('./selection-bar.tsx').then((m) => m.SelectionBar);

/** The grid of items. It renders about three screens of elements and loads more on scroll. */
export function Grid() {
  const i18n = useI18n();
  const library = useLibrary();
  const { selection } = library;
  let list!: HTMLUListElement;
  const viewport = createViewport(() => list);
  const [ahead, setAhead] = createSignal(false);
  /** The last request of a key to the selection bar, which may load only now. */
  const [asked, setAsked] = createSignal<SelectionRequest | null>(null);
  const measured = createMemo(() => viewport().width > 0);
  const grid = createGrid(library.items, viewport, ahead);
  /** A memo, because every tile has a path. */
  const pathOf = createMemo(() => itemPaths(library.q()));
  const rendered = createIncrementalList(() => (measured() ? grid.visible() : []), grid.onScreen);

  const bar = createLazyImport(loadSelectionBar, useErrorReport());
  const interactionsModule = createLazyImport(() =>
    import('./interactions.ts').then((m) => m.createInteractions),
  );
  /** True once the first tiles all exist. */
  const isFirstScreenDone = createMemo<boolean>(
    (before) => before || (measured() && rendered().length === grid.visible().length),
    false,
  );
  const interactions = createMemo(() => {
    const create = isFirstScreenDone() && interactionsModule.module();
    return create
      ? untrack(() =>
          create({
            list,
            library,
            grid,
            viewport,
            renderAhead: () => setAhead(true),
            onAsk: setAsked,
          }),
        )
      : undefined;
  });
  onMount(interactionsModule.load);

  createEffect(() => {
    if (selection.active()) bar.load();
    else setAsked(null);
  });
  createEffect(() => {
    // Loads the next page after the existing tiles are shown.
    if (
      isFirstScreenDone() &&
      grid.nearEnd() &&
      library.items().length > 0 &&
      !library.list().isFetchNextPageError
    )
      library.loadMore();
  });

  return (
    <>
      <ul
        ref={list}
        class="grid"
        aria-busy={library.list().isFetching}
        data-stale={library.list().isPlaceholderData ? '' : undefined}
        data-selecting={selection.active() ? '' : undefined}
        style={{ height: `${grid.height()}px` }}
      >
        <For each={rendered()}>
          {(id) => (
            <Show when={grid.item(id)}>
              {(item) => (
                <Show when={grid.box(id)}>
                  {(box) => (
                    <Tile
                      item={item()}
                      box={box()}
                      position={grid.index(id)}
                      href={pathOf()(id)}
                      selected={selection.has(id)}
                      held={interactions()?.held() === id}
                    />
                  )}
                </Show>
              )}
            </Show>
          )}
        </For>
      </ul>
      <p class="grid-end">
        <Show
          when={library.list().isFetchNextPageError}
          fallback={
            <Show when={measured() && !library.list().hasNextPage && !library.list().isPlaceholderData}>
              {i18n.t('browse.end', { count: library.items().length })}
            </Show>
          }
        >
          <button type="button" class="button quiet" onClick={() => library.loadMore()}>
            {i18n.t('browse.more')}
          </button>
        </Show>
      </p>
      <Show when={selection.active() && bar.module()} keyed>
        {(Bar) => <Bar asked={asked()} onGone={(next) => interactions()?.reveal(next)} />}
      </Show>
    </>
  );
}
