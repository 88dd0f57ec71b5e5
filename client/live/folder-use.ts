import { createSignal, onCleanup, type Accessor } from 'solid-js';
import type { FolderUse } from './folder-news.model.ts';

/** Scroll distance in CSS pixels up to which a user is at the top of the list. */
const TOP_PX = 40;

interface FolderUseProps {
  /** Whether tiles are selected. */
  selecting: Accessor<boolean>;
  /** Id of the item in the viewer. */
  viewed: Accessor<string | null>;
}

/** Ids of the tiles that are at least partly on the screen. */
function tilesOnScreen(): ReadonlySet<string> {
  const shown = new Set<string>();
  for (const tile of document.querySelectorAll<HTMLElement>('.grid .tile')) {
    const { top, bottom } = tile.getBoundingClientRect();
    const id = tile.dataset['id'];
    if (id !== undefined && bottom > 0 && top < window.innerHeight) shown.add(id);
  }
  return shown;
}

/** Whether the keyboard is on a tile. */
const isTileFocused = () => document.activeElement?.matches('.grid :focus-visible') ?? false;

/** Observes what a user is doing with the folder, in the browser. */
export function createFolderUse({ selecting, viewed }: FolderUseProps): FolderUse {
  const [isAtTop, setIsAtTop] = createSignal(window.scrollY <= TOP_PX);
  const [isPressed, setIsPressed] = createSignal(false);
  const [isFocused, setIsFocused] = createSignal(isTileFocused());
  const listeners = new AbortController();
  const options = { passive: true, capture: true, signal: listeners.signal };
  const listen = (types: readonly string[], act: () => void) => {
    for (const type of types) window.addEventListener(type, act, options);
  };
  listen(['scroll'], () => setIsAtTop(window.scrollY <= TOP_PX));
  listen(['pointerdown'], () => setIsPressed(true));
  listen(['pointerup', 'pointercancel', 'blur'], () => setIsPressed(false));
  // A focus event comes before the browser decides on `:focus-visible`.
  listen(['focusin', 'focusout', 'keydown'], () => queueMicrotask(() => setIsFocused(isTileFocused())));
  onCleanup(() => listeners.abort());

  return {
    onScreen: tilesOnScreen,
    viewed,
    isSelecting: () => selecting() || isPressed(),
    mayMove: () => isAtTop() && !selecting() && !isPressed() && !isFocused() && viewed() === null,
  };
}
