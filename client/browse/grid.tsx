import { useParams } from '@solidjs/router';
import { createEffect, For, on, onCleanup, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { useReading } from '../media/reading.tsx';
import { useFolder } from './folder.tsx';
import { createGrid } from './grid.model.ts';
import { neighbour } from './masonry.ts';
import { itemPath } from './paths.ts';
import { Tile } from './tile.tsx';
import { createViewport } from './viewport.ts';

/** The pictures: as wide as the page, as many elements as fit on three screens, more as one scrolls. */
export function Grid() {
  const i18n = useI18n();
  const folder = useFolder();
  const reading = useReading();
  let list!: HTMLUListElement;
  const viewport = createViewport(() => list);
  const grid = createGrid(folder.items, viewport);

  createEffect(() => {
    if (grid.nearEnd() && folder.items().length > 0 && !folder.list().isFetchNextPageError) folder.loadMore();
  });

  createEffect(() => {
    const busy = grid.visible().filter((id) => grid.item(id)?.state === 'processing');
    const stops = busy.map((id) => reading.watch(id));
    onCleanup(() => stops.forEach((stop) => stop()));
  });

  /** Brings a tile into view and the focus to it. */
  const reveal = (id: string) => {
    const box = grid.box(id);
    if (!box) return;
    const { top, height } = viewport();
    const hidden = box.y < top || box.y > top + height - 2 * viewport().line;
    if (hidden) window.scrollBy({ top: box.y - top - height / 3 });
    // Two frames: one for the scroll to be noticed, one for the tile to be there.
    requestAnimationFrame(() => requestAnimationFrame(() => tile(id)?.focus({ preventScroll: true })));
  };
  const tile = (id: string) => list.querySelector<HTMLElement>(`[data-id="${id}"]`);

  // When what was opened is closed, one is at the picture last looked at, which need not be the one it began with.
  const params = useParams();
  createEffect(
    on(
      () => params['id'],
      (now, before) => {
        if (before && !now) reveal(before);
      },
    ),
  );

  /** Arrow keys walk over the tiles as they lie; left and right follow the order of reading. */
  const walk = (event: KeyboardEvent) => {
    const from = event.target instanceof HTMLElement ? event.target.dataset['id'] : undefined;
    if (!from || event.altKey || event.ctrlKey || event.metaKey) return;
    const index = grid.index(from);
    const to = {
      ArrowLeft: index - 1,
      ArrowRight: index + 1,
      ArrowUp: neighbour(grid.boxes(), index, 'up'),
      ArrowDown: neighbour(grid.boxes(), index, 'down'),
    }[event.key];
    const id = to === undefined ? undefined : folder.items()[to]?.id;
    if (!id) return;
    event.preventDefault();
    tile(id)?.focus();
  };

  return (
    <>
      <ul
        ref={list}
        class="grid"
        aria-busy={folder.list().isFetching}
        data-stale={folder.list().isPlaceholderData ? '' : undefined}
        style={{ height: `${grid.height()}px` }}
        onKeyDown={walk}
      >
        <For each={grid.visible()}>
          {(id) => (
            <Show when={grid.item(id)}>
              {(item) => (
                <Show when={grid.box(id)}>
                  {(box) => (
                    <Tile
                      item={item()}
                      box={box()}
                      position={grid.index(id)}
                      href={itemPath(id, folder.q())}
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
          when={folder.list().isFetchNextPageError}
          fallback={
            <Show when={!folder.list().hasNextPage && !folder.q()}>
              {i18n.t('browse.end', { count: folder.items().length })}
            </Show>
          }
        >
          <button type="button" class="button quiet" onClick={() => folder.loadMore()}>
            {i18n.t('browse.more')}
          </button>
        </Show>
      </p>
    </>
  );
}
