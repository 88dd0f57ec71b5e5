import { useBeforeLeave, useParams } from '@solidjs/router';
import { createEffect, on, onCleanup, type Accessor } from 'solid-js';
import { isTyping } from '../ui/shortcuts.ts';
import { deferUntilVisibleLoaded } from './defer-offscreen.ts';
import type { useLibrary } from '../library/library-context.tsx';
import { tileForKey } from './keyboard-navigation.ts';
import type { createGrid, Viewport } from './grid.model.ts';
import type { TileBox } from './masonry.ts';
import { createScrollRestoration } from './scroll-restoration.ts';
import { createLongPress } from './long-press.ts';

interface InteractionsProps {
  list: HTMLElement;
  library: ReturnType<typeof useLibrary>;
  grid: ReturnType<typeof createGrid>;
  viewport: Accessor<Viewport>;
  /** Lets tiles be made that are not on the screen yet. */
  goAhead: () => void;
}

/** The tile an event is on. */
const idOf = (target: EventTarget | null): string | null =>
  target instanceof Element ? (target.closest<HTMLElement>('.tile')?.dataset['id'] ?? null) : null;

const isField = (target: EventTarget | null) =>
  target instanceof Element && target.matches('input, textarea, select');

/**
 * How the pictures answer to keys, clicks and fingers, and how one finds the way back to a place among them. Loaded once the
 * pictures are there: showing them needs none of it.
 */
export function createInteractions({ list, library, grid, viewport, goAhead }: InteractionsProps) {
  const { selection } = library;
  deferUntilVisibleLoaded(list, goAhead);
  const press = createLongPress({
    idOf,
    moves: (id) => grid.item(id)?.kind !== 'image',
    select: selection.toggle,
  });

  const link = (id: string) => list.querySelector<HTMLElement>(`[data-id="${id}"] > a`);
  const bring = (box: TileBox) => {
    const y = box.y + list.getBoundingClientRect().top;
    const { height, line } = viewport();
    if (y < 0 || y > height - 2 * line) window.scrollBy({ top: y - height / 3, behavior: 'instant' });
  };
  /** Brings a tile into view and the focus to it; `false` when it is not in the list. */
  const reveal = (id: string): boolean => {
    let frame = 0;
    const look = () => {
      const box = grid.box(id);
      if (!box) return;
      bring(box);
      // One frame for the scroll to be noticed, one for the tile to be there.
      if (frame >= 2) link(id)?.focus({ preventScroll: true });
      // After a step back the browser scrolls to where that was left, a moment after us.
      if (frame++ < 4) requestAnimationFrame(look);
    };
    look();
    return grid.box(id) !== undefined;
  };

  const places = createScrollRestoration({ list, library, grid, viewport });
  useBeforeLeave(() => places.keep());

  // When what was opened is closed, one is at the picture last looked at, which need not be the one it began with.
  const params = useParams();
  createEffect(
    on(
      () => params['id'],
      (now, before) => {
        if (before && !now && !reveal(before)) places.restore();
      },
    ),
  );

  const onKey = (event: KeyboardEvent) => {
    const from = idOf(event.target);
    if (!from || isTyping(event) || event.defaultPrevented) return;
    if (event.key === 'x' || event.key === ' ') selection.toggle(from);
    else {
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
    if (id === null) return;
    const onCheck = event.target instanceof Element && event.target.closest('.tile-check') !== null;
    const asLink = (event.ctrlKey || event.metaKey) && !onCheck;
    if (press.swallowed()) event.preventDefault();
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
    else return;
    event.preventDefault();
  };

  press.attach(list);
  list.addEventListener('keydown', onKey);
  // Before the router's own listener, which sits on the document.
  list.addEventListener('click', onClick);
  document.addEventListener('keydown', onPageKey);
  onCleanup(() => document.removeEventListener('keydown', onPageKey));

  return {
    /** The picture that plays because a finger holds it, or did. */
    held: press.held,
    /** Selected pictures have left the list: the focus goes to what took the place of the first. */
    goneAt(index: number): void {
      const next = library.items()[Math.min(index, library.items().length - 1)];
      if (next) reveal(next.id);
    },
  };
}
