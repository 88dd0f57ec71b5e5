import { useQueryClient } from '@tanstack/solid-query';
import { onCleanup, type Accessor } from 'solid-js';
import type { Collection } from '../../app/collections/collections.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useCollectionsDictionary } from '../i18n/dictionaries.tsx';
import { itemName } from '../library/item-name.ts';
import { useLibrary } from '../library/library-context.tsx';
import type { Pages } from '../library/list-pages.ts';
import { listQuery } from '../library/list.queries.ts';
import { useErrorReport } from '../ui/report-error.ts';
import { dropTarget, stepTarget, withMoved } from './collection-order.model.ts';
import { moveInCollection, refetchCollected } from './collections.queries.ts';
import { countMove } from './moves.ts';
import { createTileDrag } from './tile-drag.ts';

/** Moves follow each other, so that the last one decides. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Returns the actions that order the collection on screen by hand. An item moves on the screen at
 * once, and back if the server refuses.
 *
 * @param tell announces where an item is now
 */
export function createCollectionOrder(collection: Accessor<Collection>, tell: (text: string) => void) {
  const i18n = useI18n();
  const t = useCollectionsDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const library = useLibrary();
  const order = () => library.items().map(({ id }) => id);

  const move = (ids: readonly string[], after: string | null | undefined) => {
    const [first = ''] = ids;
    if (after === undefined || after === first) return;
    const { id } = collection();
    client.setQueryData<Pages>(
      listQuery(library.q()).queryKey,
      (pages) => pages && withMoved(pages, ids, after),
    );
    const item = library.items().find((one) => one.id === first);
    if (item)
      tell(
        t('collections.moved', {
          name: itemName(item, i18n),
          place: order().indexOf(first) + 1,
          count: collection().items,
        }),
      );
    const sending = countMove(queue.then(() => moveInCollection(client, id, ids, after)));
    queue = sending.catch((thrown: unknown) => {
      refetchCollected(client);
      report(thrown);
    });
  };

  return {
    /** Moves items one place earlier or later; several as one block. */
    step: (ids: readonly string[], step: -1 | 1) => move(ids, stepTarget(order(), ids, step)),
    /** Moves items to a place before or behind another one. */
    drop: (ids: readonly string[], onto: string, side: 'before' | 'after') =>
      move(ids, dropTarget(order(), ids, onto, side)),
  };
}

const idAt = (target: EventTarget | null): string | null =>
  target instanceof Element ? (target.closest<HTMLElement>('.tile')?.dataset['id'] ?? null) : null;

/** Orders the collection on screen by keys and by mouse while the caller's component is shown. */
export function useCollectionOrder(collection: Accessor<Collection>, tell: (text: string) => void): void {
  const library = useLibrary();
  const order = createCollectionOrder(collection, tell);
  /** A selected item takes the whole selection along. */
  const together = (id: string) => (library.selection.has(id) ? library.selection.ids() : [id]);

  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : null;
    const id = idAt(event.target);
    if (step === null || id === null || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    order.step(together(id), step);
    // The element of the tile moves, and loses the focus.
    requestAnimationFrame(() => {
      const link = document.querySelector<HTMLElement>(`.tile[data-id="${id}"] > a`);
      link?.focus({ preventScroll: true });
      link?.scrollIntoView({ block: 'nearest' });
    });
  };
  document.addEventListener('keydown', onKey);
  onCleanup(() => document.removeEventListener('keydown', onKey));
  onCleanup(createTileDrag({ idAt, onDrop: (id, onto, side) => order.drop(together(id), onto, side) }));
}
