/** A scroll position: a tile and the distance of its top from the window's top, in CSS pixels. */
export interface ScrollPosition {
  id: string;
  offset: number;
  /** Number of loaded items. */
  count: number;
}

const HISTORY_KEY = 'place';

/**
 * Stores the scroll position in the state of the history entry. The state survives a reload and
 * belongs to this entry. Going back restores it; a new visit starts at the top. The router's own
 * state is kept.
 */
export function saveScrollPosition(place: ScrollPosition | null): void {
  const now: unknown = history.state;
  const others = typeof now === 'object' && now !== null ? now : {};
  history.replaceState({ ...others, [HISTORY_KEY]: place }, '');
}

/** Reads the scroll position stored in this history entry. */
export function savedScrollPosition(): ScrollPosition | null {
  const state: unknown = history.state;
  const place: unknown =
    typeof state === 'object' && state !== null && HISTORY_KEY in state ? state[HISTORY_KEY] : null;
  if (typeof place !== 'object' || place === null) return null;
  if (!('id' in place) || !('offset' in place) || !('count' in place)) return null;
  const { id, offset, count } = place;
  return typeof id === 'string' && typeof offset === 'number' && typeof count === 'number'
    ? { id, offset, count }
    : null;
}
