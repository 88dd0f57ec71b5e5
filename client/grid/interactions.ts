import { useBeforeLeave, useParams } from '@solidjs/router';
import { createEffect, on, onCleanup, type Accessor } from 'solid-js';
import { isCopyKey } from '../shares/copy-key.ts';
import { isTyping } from '../ui/shortcuts.ts';
import { deferUntilVisibleLoaded } from './defer-offscreen.ts';
import type { useLibrary } from '../library/library-context.tsx';
import { tileForKey } from './keyboard-navigation.ts';
import type { createGrid, Viewport } from './grid.model.ts';
import type { TileBox } from './masonry.ts';
import { createMonthLabel } from './month-label.tsx';
import { createScrollRestoration } from './scroll-restoration.ts';
import { createLongPress } from './long-press.ts';
import { density } from './tile-settings.ts';
import { createTileActions } from './tile-actions.tsx';
import type { SelectionRequest } from './selection-bar.tsx';

interface InteractionsProps {
  list: HTMLElement;
  library: ReturnType<typeof useLibrary>;
  grid: ReturnType<typeof createGrid>;
  viewport: Accessor<Viewport>;
  /** Allows tiles outside the screen. */
  renderAhead: () => void;
  /** Called with what a key asks of the selection. */
  onAsk: (request: SelectionRequest) => void;
}

/** Frames in which a revealed tile is scrolled to, and the most in which its element appears. */
const REVEAL_FRAMES = 5;
const MAX_REVEAL_FRAMES = 60;

/** Id of the tile that contains an event's target. */
const idOf = (target: EventTarget | null): string | null =>
  target instanceof Element ? (target.closest<HTMLElement>('.tile')?.dataset['id'] ?? null) : null;

const isField = (target: EventTarget | null) =>
  target instanceof Element && target.matches('input, textarea, select');

/**
 * Handles keys, clicks and touches in the grid, and restores the scroll position. It loads after
 * the tiles, because showing them does not need it.
 */
export function createInteractions({ list, library, grid, viewport, renderAhead, onAsk }: InteractionsProps) {
  const { selection } = library;
  deferUntilVisibleLoaded(list, renderAhead);
  const longPress = createLongPress({
    idOf,
    moves: (id) => grid.item(id)?.kind !== 'image',
    select: selection.toggle,
  });

  const tileActions = createTileActions({
    list,
    item: grid.item,
    offered: () => !selection.active() && !library.trash(),
  });

  const link = (id: string) => list.querySelector<HTMLElement>(`[data-id="${id}"] > a`);
  const scrollIntoView = (box: TileBox) => {
    const y = box.y + list.getBoundingClientRect().top;
    const { height, line } = viewport();
    if (y < 0 || y > height - 2 * line) window.scrollBy({ top: y - height / 3, behavior: 'instant' });
  };
  /** Scrolls a tile into view and focuses it. Returns `false` if the list does not contain it. */
  const reveal = (id: string): boolean => {
    let frame = 0;
    const before = document.activeElement;
    const look = () => {
      const box = grid.box(id);
      // A field that got the focus meanwhile keeps it.
      if (!box || isField(document.activeElement)) return;
      if (frame < REVEAL_FRAMES) scrollIntoView(box);
      // Waits two frames: one for the scroll event and one for the tile's element.
      const target = frame < 2 ? null : link(id);
      target?.focus({ preventScroll: true });
      // Repeats for a few frames, because the browser restores its own scroll position after a step
      // back. Waits longer for the element of a tile that is not rendered yet.
      const waits = !target && frame < MAX_REVEAL_FRAMES && document.activeElement === before;
      if (frame++ < REVEAL_FRAMES - 1 || waits) requestAnimationFrame(look);
    };
    look();
    return grid.box(id) !== undefined;
  };

  // Enter in the search moves the focus to the first result, unless it has moved meanwhile.
  createEffect(() => {
    if (!library.takeFocusRequest()) return;
    const first = library.items()[0];
    if (first && (document.activeElement ?? document.body) === document.body) reveal(first.id);
  });

  const scrollRestoration = createScrollRestoration({ list, library, grid, viewport });
  createMonthLabel({ list, q: library.q, grid, viewport });
  useBeforeLeave(({ options }) => {
    // An entry that is replaced keeps no state.
    if (options?.replace !== true) scrollRestoration.save();
  });
  // Tiles of another size: what was on top stays there.
  createEffect(on(density, () => scrollRestoration.restore(), { defer: true }));

  // Closing the viewer reveals the last viewed item, which may differ from the opened one.
  const params = useParams();
  createEffect(
    on(
      () => params['id'],
      (now, before) => {
        if (before && !now && !reveal(before)) scrollRestoration.restore();
      },
    ),
  );

  const onKey = (event: KeyboardEvent) => {
    const from = idOf(event.target);
    if (!from || event.defaultPrevented) return;
    if (isCopyKey(event)) tileActions.copy(from);
    else if (isTyping(event)) return;
    else if (tileActions.contains(event.target) && [' ', 'Enter'].includes(event.key)) return;
    else if (event.key === 'x' || event.key === ' ') selection.toggle(from);
    else if (event.key === 'f' && !library.trash()) {
      // With a selection, the key is for all of it.
      if (selection.active()) return;
      tileActions.favour(from);
    } else if (event.key === 'Delete' && !library.trash()) {
      if (!selection.active()) selection.toggle(from);
      onAsk({ is: 'delete' });
    } else {
      const to = tileForKey(event.key, grid.boxes(), grid.index(from));
      const id = to === undefined ? undefined : library.items()[to]?.id;
      if (!id) return;
      if (event.shiftKey) selection.extend(id, from);
      const next = link(id);
      if (next) next.focus();
      else reveal(id);
    }
    event.preventDefault();
  };

  const onClick = (event: MouseEvent) => {
    const id = idOf(event.target);
    if (id === null || tileActions.contains(event.target)) return;
    const onCheck = event.target instanceof Element && event.target.closest('.tile-check') !== null;
    const asLink = (event.ctrlKey || event.metaKey) && !onCheck;
    if (longPress.swallowed()) event.preventDefault();
    else if (!asLink && (onCheck || event.shiftKey || selection.active())) {
      event.preventDefault();
      if (event.shiftKey) selection.extend(id);
      else selection.toggle(id);
    }
  };

  const onPageKey = (event: KeyboardEvent) => {
    if (isField(event.target) || event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const ctrlA = event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (event.key === 'Escape' && selection.active()) selection.clear();
    else if (ctrlA) selection.all();
    else if (isTyping(event) || !selection.active() || library.trash()) return;
    else if (event.key === 'Delete') onAsk({ is: 'delete' });
    else if (event.key === 't') onAsk({ is: 'tag' });
    else if (event.key === 'f') onAsk({ is: 'favourite' });
    else return;
    event.preventDefault();
  };

  longPress.attach(list);
  list.addEventListener('keydown', onKey);
  // Runs before the router's own listener, which is on the document.
  list.addEventListener('click', onClick);
  document.addEventListener('keydown', onPageKey);
  onCleanup(() => document.removeEventListener('keydown', onPageKey));

  return {
    /** Id of the item that plays because of a long press. */
    held: longPress.held,
    reveal,
  };
}
