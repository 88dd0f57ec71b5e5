import { AppError } from '../http/errors.ts';

/** The requesting user: the part of a session that decides about items. */
export interface Viewer {
  id: string;
  role: 'admin' | 'member';
}

/** The columns that decide who sees an item. */
export interface Seen {
  owner_id: string;
  deleted_at: Date | null;
}

/**
 * Returns the user whose trash is visible, for queries: the user itself, or `null` (everybody's)
 * for an admin.
 */
export const visibleTrash = (by: Viewer): string | null => (by.role === 'admin' ? null : by.id);

/**
 * Tells whether the user sees the item. Only its owner and admins see a trashed item; every
 * signed-in user sees the rest.
 */
export const isVisible = (item: Seen, by: Viewer): boolean =>
  item.deleted_at === null || by.role === 'admin' || item.owner_id === by.id;

/** Returns the item if the user sees it. Errors: `not_found`, as for a missing item. */
export function requireVisible<Item extends Seen>(item: Item | null, by: Viewer): Item {
  if (item === null || !isVisible(item, by)) throw new AppError('not_found', 'There is no such item.');
  return item;
}
