/** Where someone is in a list: a tile and how far its top is from the top of the window, in CSS pixels. */
export interface ScrollPosition {
  id: string;
  offset: number;
  /** How many items were loaded. */
  count: number;
}

const HISTORY_KEY = 'place';

/**
 * The place is kept in the state of the history's entry, which outlives a reload and belongs to just this step: going
 * there anew begins at the top, going back does not. The router's own state stays beside it.
 */
export function saveScrollPosition(place: ScrollPosition | null): void {
  const now: unknown = history.state;
  const others = typeof now === 'object' && now !== null ? now : {};
  history.replaceState({ ...others, [HISTORY_KEY]: place }, '');
}

/** The place this step of the history was left at. */
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
